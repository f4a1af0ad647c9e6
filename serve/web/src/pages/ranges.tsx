// Ranges: a day by hour, a week or any range by day, of the country or of one gate; every one has an address.
import type { Board } from '../../../board/board-schema.ts'
import { SeriesChart } from '../parts/series-chart.tsx'
import { addressOf, go, query } from '../state/address.ts'
import { format, kiosk, nameOf, words } from '../state/taste.ts'
import { addDays, daysBetween, readRange, type Range } from '../state/range.ts'

const DAYS_MAX = 92

export function Ranges ({ board }: { board: Board }) {
  const text = words.value
  const range = readRange(query.value, board.businessDate)
  const gate = query.value.get('gate')
  const name = gate === null ? text.country : nameOf(board.checkpoints[gate] ?? { nameEn: gate, nameKm: gate })
  const hourly = range.from === range.to
  const invalid = daysBetween(range.from, range.to) < 0 || daysBetween(range.from, range.to) >= DAYS_MAX
  const shown = (next: Partial<Range> & { gate?: string | null }): string => {
    const { kind, from, to } = { ...range, ...next }
    const at = next.gate === undefined ? gate : next.gate
    return addressOf('ranges', { range: kind, from, to, ...(at === null ? {} : { gate: at }) })
  }
  return (
    <>
      <nav class='crumbs' aria-label={text.pages.ranges}>
        {gate === null
          ? <span>{text.country}</span>
          : <><a href={shown({ gate: null })}>{text.country}</a> › <span>{name}</span></>}
        {' › '}<span>{titleOf(range)}</span>
      </nav>
      <h1>{name} · {titleOf(range)}</h1>
      {!kiosk.value && <Controls board={board} range={range} gate={gate} shown={shown} />}
      {invalid
        ? <p role='alert' class='problem card'>{text.wrongRange}</p>
        : (
          <SeriesChart
            key={`${range.from} ${range.to} ${gate ?? ''}`} name='range' height={420}
            heading={`${name} · ${titleOf(range)} · ${hourly ? text.perHour : text.perDay}`}
            query={{ grain: hourly ? 'hour' : 'day', from: range.from, to: range.to, ...(gate === null ? {} : { checkpoint: gate }) }}
            drill={hourly ? undefined : time => shown({ kind: 'day', from: time.slice(0, 10), to: time.slice(0, 10) })}
          />)}
      {gate === null && <GateLinks board={board} shown={shown} />}
    </>
  )
}

function titleOf ({ from, to }: Range): string {
  const { longDay, day } = format.value
  return from === to ? longDay(from) : `${day(from)} – ${day(to)}`
}

function Controls ({ board, range, gate, shown }: {
  board: Board, range: Range, gate: string | null, shown: (next: Partial<Range> & { gate?: string | null }) => string
}) {
  const text = words.value
  const span = daysBetween(range.from, range.to) + 1
  const today = board.businessDate
  function submit (event: SubmitEvent): void {
    event.preventDefault()
    const data = new FormData(event.currentTarget as HTMLFormElement)
    const chosen = (name: string): string => String(data.get(name) ?? '')
    go(shown({ kind: 'custom', from: chosen('from'), to: chosen('to'), gate: chosen('gate') === '' ? null : chosen('gate') }))
  }
  return (
    <div class='controls card'>
      <ul class='tabs'>
        <li><a href={shown({ kind: 'day', from: today, to: today })} aria-current={range.kind === 'day' ? 'true' : undefined}>{text.range.day}</a></li>
        <li><a href={shown({ kind: 'week', from: addDays(today, -6), to: today })} aria-current={range.kind === 'week' ? 'true' : undefined}>{text.range.week}</a></li>
        <li><a class='button plain' href={shown({ from: addDays(range.from, -span), to: addDays(range.to, -span) })}>← {text.previous}</a></li>
        {range.to < today && <li><a class='button plain' href={shown({ from: addDays(range.from, span), to: addDays(range.to, span) })}>{text.next} →</a></li>}
      </ul>
      <form onSubmit={submit} key={`${range.from} ${range.to} ${gate ?? ''}`}>
        <label class='field'>{text.from}<input type='date' name='from' value={range.from} max={today} required /></label>
        <label class='field'>{text.to}<input type='date' name='to' value={range.to} max={today} required /></label>
        <label class='field'>{text.gate}
          <select name='gate'>
            <option value='' selected={gate === null}>{text.allGates}</option>
            {Object.entries(board.checkpoints).map(([code, checkpoint]) => (
              <option key={code} value={code} selected={gate === code}>{nameOf(checkpoint)}</option>
            ))}
          </select>
        </label>
        <button type='submit'>{text.show}</button>
        <CopyLink />
      </form>
    </div>
  )
}

function CopyLink () {
  const text = words.value
  return (
    <button
      type='button' class='plain' onClick={event => {
        const button = event.currentTarget
        void navigator.clipboard.writeText(location.href).then(() => { button.textContent = words.peek().copied })
      }}
    >{text.copyLink}
    </button>
  )
}

function GateLinks ({ board, shown }: { board: Board, shown: (next: { gate: string }) => string }) {
  const text = words.value
  return (
    <section class='card' aria-labelledby='drill-heading'>
      <h2 id='drill-heading'>{text.drill}</h2>
      <ul class='gate-links'>
        {Object.entries(board.checkpoints).map(([code, gate]) => (
          <li key={code}><a href={shown({ gate: code })}>{nameOf(gate)}</a></li>
        ))}
      </ul>
    </section>
  )
}
