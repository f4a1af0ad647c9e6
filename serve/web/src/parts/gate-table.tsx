// Every gate in a table: state, this hour against what is expected, last hour, today.
import { signal } from '@preact/signals'
import type { Board, BoardCheckpoint } from '../../../board/board-schema.ts'
import { judge, shareOfHour } from '../judge/level.ts'
import { addressOf } from '../state/address.ts'
import { format, kiosk, nameOf, words } from '../state/taste.ts'
import { Downloads } from './downloads.tsx'
import { FeedMark, LevelMark } from './mark.tsx'

const ROWS_FIRST = 12
const all = signal(false)

export function GateTable ({ board }: { board: Board }) {
  const text = words.value
  const { number } = format.value
  const rows = Object.entries(board.checkpoints)
    .sort(([, a], [, b]) => urgency(b) - urgency(a) || volume(b) - volume(a))
  const shown = all.value && !kiosk.value ? rows : rows.slice(0, ROWS_FIRST)
  return (
    <section class='card gates' aria-labelledby='gates-heading'>
      <div class='heading'>
        <h2 id='gates-heading'>{text.gates}</h2>
        <Downloads name='gates' csv={() => csvOf(board)} />
      </div>
      <div class='scroll' tabIndex={0} role='group' aria-labelledby='gates-heading'>
        <table>
          <thead>
            <tr>
              <th scope='col'>{text.gate}</th><th scope='col'>{text.state}</th>
              <th scope='col' class='n'>{text.arrivals}<small>{text.lastHour}</small></th>
              <th scope='col' class='n'>{text.exits}<small>{text.lastHour}</small></th>
              <th scope='col' class='n wide'>{text.arrivals}<small>{text.today}</small></th>
              <th scope='col' class='n wide'>{text.exits}<small>{text.today}</small></th>
            </tr>
          </thead>
          <tbody>
            {shown.map(([code, gate]) => (
              <tr key={code} data-gate={code}>
                <th scope='row'><a href={addressOf('ranges', { gate: code })}>{nameOf(gate)}</a></th>
                <td><GateState board={board} gate={gate} /></td>
                <td class='n'>{number(gate.lastHour.arrivals)}</td>
                <td class='n'>{number(gate.lastHour.departures)}</td>
                <td class='n wide'>{number(gate.today.arrivals)}</td>
                <td class='n wide'>{number(gate.today.departures)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > ROWS_FIRST && !kiosk.value && (
        <button type='button' class='plain' aria-expanded={all.value} onClick={() => { all.value = !all.value }}>
          {all.value ? text.showFewer : text.showAll(number(rows.length))}
        </button>)}
    </section>
  )
}

/** The feed's state, and above or below normal where this hour is. */
function GateState ({ board, gate }: { board: Board, gate: BoardCheckpoint }) {
  const level = levelOf(board, gate)
  return <><FeedMark state={gate.feed.state} />{level !== null && <LevelMark level={level} />}</>
}

function levelOf (board: Board, { thisHour, surge, feed }: BoardCheckpoint): 'above' | 'below' | null {
  if (surge) return 'above'
  // A gate that is not heard of has no count to compare.
  if (thisHour.expected === null || feed.state !== 'live') return null
  const share = shareOfHour(board.at)
  const levels = [judge(thisHour.arrivals, thisHour.expected.arrivals, share).level,
    judge(thisHour.departures, thisHour.expected.departures, share).level]
  return levels.includes('above') ? 'above' : levels.includes('below') ? 'below' : null
}

/** What needs attention comes first. */
const urgency = ({ feed, surge }: BoardCheckpoint): number =>
  (surge ? 4 : 0) + (feed.state === 'silent' ? 2 : feed.state === 'late' ? 1 : 0)
const volume = ({ today, sevenDays }: BoardCheckpoint): number =>
  (today.arrivals + today.departures) * 1e6 + sevenDays.arrivals + sevenDays.departures

function csvOf (board: Board): (string | number | null)[][] {
  return [
    ['checkpoint', 'name_en', 'name_km', 'province', 'mode', 'state', 'arrivals_last_hour', 'exits_last_hour',
      'arrivals_today', 'exits_today', 'arrivals_seven_days', 'exits_seven_days'],
    ...Object.entries(board.checkpoints).map((
      [code, { nameEn, nameKm, province, mode, feed, lastHour, today, sevenDays }]
    ) =>
      [code, nameEn, nameKm, province, mode, feed.state, lastHour.arrivals, lastHour.departures, today.arrivals,
        today.departures, sevenDays.arrivals, sevenDays.departures])
  ]
}
