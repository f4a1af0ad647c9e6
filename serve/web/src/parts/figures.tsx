// Arrivals, exits and net of this hour against what is expected, and of the last hour, today and seven days.
import type { Band, Board, Directions } from '../../../board/board-schema.ts'
import { judge, shareOfHour } from '../judge/level.ts'
import { format, words } from '../state/taste.ts'
import { BandBar } from './band-bar.tsx'
import { LevelMark } from './mark.tsx'

type Measure = 'arrivals' | 'departures'
const PERIODS = ['lastHour', 'today', 'sevenDays'] as const

export function Figures ({ board }: { board: Board }) {
  const text = words.value
  const { thisHour } = board.country
  return (
    <section class='figures' aria-label={text.thisHourOf(format.value.hour(board.hour))}>
      <Figure label={text.arrivals} measure='arrivals' board={board} />
      <Figure label={text.exits} measure='departures' board={board} />
      <div class='card figure'>
        <h2>{text.netLong}</h2>
        <p class='number'>{format.value.signed(thisHour.arrivals - thisHour.departures)} <small>{text.persons} · {text.thisHour}</small></p>
        <p class='against'>{netExpected(thisHour.expected)}</p>
        <Periods of={board.country} value='net' />
      </div>
    </section>
  )
}

function netExpected (expected: { arrivals: Band, departures: Band } | null): string {
  if (expected === null) return words.value.noExpected
  return `${format.value.signed(Math.round(expected.arrivals.median - expected.departures.median))} ${words.value.expected}`
}

function Figure ({ label, measure, board }: { label: string, measure: Measure, board: Board }) {
  const text = words.value
  const { number } = format.value
  const { thisHour } = board.country
  const expected = thisHour.expected?.[measure] ?? null
  const { level, byNow } = judge(thisHour[measure], expected, shareOfHour(board.at))
  return (
    <div class={`card figure ${measure}`} data-figure={measure}>
      <h2>{label} <LevelMark level={level} /></h2>
      <p class='number'>{number(thisHour[measure])} <small>{text.persons} · {text.thisHourOf(format.value.hour(board.hour))}</small></p>
      {expected === null || byNow === null
        ? <p class='against'>{text.noExpected}</p>
        : (
          <>
            <BandBar value={thisHour[measure]} band={expected} byNow={byNow.median} measure={measure} />
            <p class='against'>{text.usually(number(expected.median), number(expected.low), number(expected.high))}</p>
          </>)}
      <Periods of={board.country} value={measure} />
    </div>
  )
}

function Periods ({ of, value }: { of: Record<typeof PERIODS[number], Directions>, value: keyof Directions }) {
  return (
    <dl class='periods'>
      {PERIODS.map(period => (
        <div key={period}>
          <dt>{words.value[period]}</dt>
          <dd data-period={period}>{value === 'net' ? format.value.signed(of[period].net) : format.value.number(of[period][value])}</dd>
        </div>
      ))}
    </dl>
  )
}
