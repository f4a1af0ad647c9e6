// The morning report: the day before and the week, on one sheet of A4, in the language of the page.
import type { Board } from '../../../board/board-schema.ts'
import { judgeTrust } from '../judge/verdict.ts'
import { Mark } from '../parts/mark.tsx'
import { useSeries } from '../parts/series.ts'
import { alerts, connection } from '../state/live.ts'
import { addDays } from '../state/range.ts'
import { kiosk, format, nameOf, words } from '../state/taste.ts'

const GATES_MAX = 12

export function Report ({ board }: { board: Board }) {
  const text = words.value
  const { longDay, moment } = format.value
  const yesterday = addDays(board.businessDate, -1)
  return (
    <article class='report'>
      <header>
        <p class='fine'>{text.department}</p>
        <h1>{text.reportTitle}</h1>
        <p>{text.reportOf(longDay(yesterday))}</p>
        <p class='fine'>{text.madeAt(moment(board.at))}</p>
        {!kiosk.value && <p class='downloads'><button type='button' onClick={() => { window.print() }}>{text.print}</button></p>}
      </header>
      <Week board={board} />
      <div class='columns halves'>
        <People board={board} />
        <State board={board} />
      </div>
      <Gates board={board} />
      <p class='fine'>{text.provisional}</p>
    </article>
  )
}

function Week ({ board }: { board: Board }) {
  const text = words.value
  const { number, signed, day } = format.value
  const { state, again } = useSeries({ grain: 'day', from: addDays(board.businessDate, -7), to: addDays(board.businessDate, -1) })
  if (state.is === 'loading') return <p role='status'>{text.loading}</p>
  if (state.is === 'failed') return <p role='alert'>{text.failed} <button type='button' onClick={again}>{text.again}</button></p>
  const points = [...state.series.points].reverse()
  return (
    <table data-report='week'>
      <thead>
        <tr>
          <th scope='col'>{text.date}</th>
          <th scope='col' class='n'>{text.arrivals}</th><th scope='col' class='n'>{text.expected}</th>
          <th scope='col' class='n'>{text.exits}</th><th scope='col' class='n'>{text.expected}</th>
          <th scope='col' class='n'>{text.net}</th>
        </tr>
      </thead>
      <tbody>
        {points.map((point, i) => (
          <tr key={point.time} class={i === 0 ? 'first' : ''}>
            <th scope='row'>{day(point.time)}{i === 0 && ` · ${text.yesterday}`}</th>
            <td class='n'>{number(point.arrivals)}</td><td class='n'>{orNone(point.expectedArrivals)}</td>
            <td class='n'>{number(point.departures)}</td><td class='n'>{orNone(point.expectedDepartures)}</td>
            <td class='n'>{signed(point.arrivals - point.departures)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const orNone = (value: number | null): string => value === null ? '–' : format.value.number(value)

function People ({ board }: { board: Board }) {
  const text = words.value
  const { number, day, share } = format.value
  const { inCountry, overstays, registrations, refusals, returnees } = board
  const rows: [string, string][] = [
    [inCountry === null ? text.inCountry : `${text.inCountry} (${text.asOf(day(inCountry.asOf))})`, inCountry === null ? text.notDerived : number(inCountry.foreigners)],
    [text.overstays, overstays === null ? text.notDerived : number(total(overstays))],
    [`${text.registrations}, ${text.sevenDays}`, number(registrations.sevenDays)],
    [text.coverage, registrations.coverageShare === null ? '–' : share(registrations.coverageShare)],
    [`${text.refusals}, ${text.sevenDays}`, number(refusals.sevenDays)],
    [`${text.returnees}, ${text.sevenDays}`, number(returnees.sevenDays)]
  ]
  return <table><tbody>{rows.map(([label, value]) => <tr key={label}><th scope='row'>{label}</th><td class='n'>{value}</td></tr>)}</tbody></table>
}

const total = (bands: NonNullable<Board['overstays']>): number => bands.reduce((sum, { people }) => sum + people, 0)

function State ({ board }: { board: Board }) {
  const text = words.value
  const { number } = format.value
  const trust = judgeTrust(board, connection.value)
  const open = alerts.value.filter(({ state }) => state === 'firing' || state === 'no_data')
  return (
    <section>
      <h2>{text.pages.trust}</h2>
      <p>
        <Mark tone={trust.tone} /> {text.verdict[trust.is]} ·
        {' '}{text.verdict.reporting(number(trust.reporting), number(trust.open))}
      </p>
      <h2>{text.pages.alerts}</h2>
      {open.length === 0
        ? <p>{text.noAlerts}</p>
        : (
          <ul>{open.map(({ id, kind, subject }) => (
            <li key={id}>{text.alertKinds[kind] ?? kind}{subject !== '' && `: ${nameOf(board.checkpoints[subject] ?? { nameEn: subject, nameKm: subject })}`}</li>
          ))}
          </ul>)}
    </section>
  )
}

function Gates ({ board }: { board: Board }) {
  const text = words.value
  const { number } = format.value
  const rows = Object.entries(board.checkpoints)
    .sort(([, { sevenDays: a }], [, { sevenDays: b }]) => b.arrivals + b.departures - a.arrivals - a.departures)
    .slice(0, GATES_MAX)
  return (
    <table>
      <caption>{text.reportGates}</caption>
      <thead><tr><th scope='col'>{text.gate}</th><th scope='col'>{text.state}</th><th scope='col' class='n'>{text.arrivals}</th><th scope='col' class='n'>{text.exits}</th></tr></thead>
      <tbody>
        {rows.map(([code, gate]) => (
          <tr key={code}><th scope='row'>{nameOf(gate)}</th><td>{text.feedStates[gate.feed.state]}</td>
            <td class='n'>{number(gate.sevenDays.arrivals)}</td><td class='n'>{number(gate.sevenDays.departures)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
