// Surges: Cambodians who return, by gate and hour, with what to expect next.
import type { Board } from '../../../board/board-schema.ts'
import { Downloads } from '../parts/downloads.tsx'
import { Mark } from '../parts/mark.tsx'
import { addressOf } from '../state/address.ts'
import { format, nameOf, words } from '../state/taste.ts'

const HOUR_MS = 3_600_000
const STEPS = 4

export function Surges ({ board }: { board: Board }) {
  const text = words.value
  const { number, rough, time } = format.value
  const from = Date.parse(board.returnees.hoursFrom)
  const gates = Object.entries(board.returnees.gates).sort(([, a], [, b]) => sum(b.hours) - sum(a.hours))
  const most = Math.max(1, ...gates.flatMap(([, { hours }]) => hours))
  const hours = Array.from({ length: 24 }, (_, i) => time(new Date(from + i * HOUR_MS).toISOString()))
  const name = (code: string): string => nameOf(board.checkpoints[code] ?? { nameEn: code, nameKm: code })
  return (
    <>
      <h1>{text.pages.surges}</h1>
      <p>{text.surgeExplain}</p>
      <section class='card' aria-labelledby='returnees-heading'>
        <div class='heading'>
          <h2 id='returnees-heading'>{text.returnees}</h2>
          <Downloads name='returnees' csv={() => csvOf(board, from)} />
        </div>
        <dl class='periods'>
          <div><dt>{text.lastHour}</dt><dd>{number(board.returnees.lastHour)}</dd></div>
          <div><dt>{text.today}</dt><dd>{number(board.returnees.today)}</dd></div>
          <div><dt>{text.sevenDays}</dt><dd>{number(board.returnees.sevenDays)}</dd></div>
        </dl>
        {gates.length === 0
          ? <p>{text.noReturnees}</p>
          : (
            <div class='scroll' tabIndex={0} role='group' aria-labelledby='returnees-heading'>
              <table class='heat'>
                <thead>
                  <tr><th scope='col'>{text.gate}</th><th scope='col' class='n'>{text.expectedNext}</th><th scope='col' class='n'>{text.total24}</th>
                    {hours.map((hour, i) => <th key={i} scope='col' class='n'>{hour.slice(0, 2)}</th>)}
                  </tr>
                </thead>
                <tbody>
                  {gates.map(([code, { hours: counts, expectedNext }]) => (
                    <tr key={code} data-gate={code}>
                      <th scope='row'>{board.checkpoints[code]?.surge === true && <Mark tone='watch' />} <a href={addressOf('ranges', { gate: code })}>{name(code)}</a></th>
                      <td class='n'><b>{expectedNext === null ? '–' : rough(expectedNext)}</b></td>
                      <td class='n'>{number(sum(counts))}</td>
                      {counts.map((count, i) => (
                        <td key={i} class={`n heat-${count === 0 ? 0 : Math.ceil(STEPS * Math.sqrt(count / most))}`}>{count === 0 ? '·' : number(count)}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>)}
      </section>
    </>
  )
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

function csvOf (board: Board, from: number): (string | number | null)[][] {
  return [['checkpoint', 'hour_from', 'returnees'], ...Object.entries(board.returnees.gates).flatMap(([code, { hours }]) =>
    hours.map((count, i) => [code, new Date(from + i * HOUR_MS).toISOString(), count]))]
}
