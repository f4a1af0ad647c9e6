// One series as a chart, with its summary in words, its table and its files. The chart library comes when it is needed.
import { useEffect, useRef } from 'preact/hooks'
import type { BoardSeries } from '../../../board/board-schema.ts'
import type { SeriesQuery } from '../types.ts'
import { board } from '../state/live.ts'
import { format, language, theme, words } from '../state/taste.ts'
import type { Chart } from './chart.ts'
import { Downloads, stamp } from './downloads.tsx'
import { SeriesTable } from './series-table.tsx'
import { outsideBand, pointLabel } from './series-words.ts'
import { useSeries } from './series.ts'

const DIRECTIONS = ['arrivals', 'departures'] as const

export function SeriesChart ({ name, heading, query, height = 260, drill }: {
  name: string, heading: string, query: SeriesQuery, height?: number, drill?: (time: string) => string
}) {
  const text = words.value
  const { state, again } = useSeries(query)
  const charts = useRef<Partial<Record<typeof DIRECTIONS[number], Chart>>>({})
  const points = state.is === 'here' ? state.series.points : []
  return (
    <section class='card chart-card' aria-labelledby={`${name}-heading`} data-chart={name}>
      <div class='heading'>
        <h2 id={`${name}-heading`}>{heading}</h2>
        {points.length > 0 && (
          <Downloads
            name={name} csv={() => csvOf(points)}
            png={async () => await picture(charts.current, heading, points)}
          />)}
      </div>
      {state.is === 'loading' && <p class='chart-space' role='status'>{text.loading}</p>}
      {state.is === 'failed' && <p role='alert'>{text.failed} <button type='button' onClick={again}>{text.again}</button></p>}
      {state.is === 'here' && points.length === 0 && <p>{text.noPoints}</p>}
      {state.is === 'here' && points.length > 0 && (
        <>
          {DIRECTIONS.map(direction => (
            <figure key={direction}>
              <figcaption>
                <b class={`key ${direction}`}>{direction === 'arrivals' ? text.arrivals : text.exits}</b>
                {hasBand(points, direction) && <span class='key band'>{text.band}</span>}
                <span class='summary'>{summaryOf(points, direction)}</span>
              </figcaption>
              <Canvas
                series={state.series} direction={direction} height={height / 2}
                keep={chart => { charts.current[direction] = chart }}
              />
            </figure>
          ))}
          <details class='as-table'><summary>{text.asTable}</summary><SeriesTable points={points} drill={drill} /></details>
        </>)}
    </section>
  )
}

function Canvas ({ series, direction, height, keep }: {
  series: BoardSeries, direction: typeof DIRECTIONS[number], height: number, keep: (chart: Chart) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const shownAs = `${language.value} ${theme.value}`
  useEffect(() => {
    let chart: Chart | null = null
    let gone = false
    void import('./chart.ts').then(({ createChart }) => {
      if (gone || box.current === null) return
      chart = createChart(box.current, series, direction, height, format.peek())
      keep(chart)
    })
    return () => {
      gone = true
      chart?.destroy()
    }
  }, [series, direction, shownAs, height])
  return <div class='canvas' ref={box} role='img' aria-label={summaryOf(series.points, direction)} />
}

type Points = BoardSeries['points']

const hasBand = (points: Points, direction: typeof DIRECTIONS[number]): boolean =>
  points.some(point => point[direction === 'arrivals' ? 'arrivalsHigh' : 'departuresHigh'] !== null)

/** What the chart shows, in words. */
function summaryOf (points: Points, direction: typeof DIRECTIONS[number]): string {
  const text = words.value
  const { number } = format.value
  const total = points.reduce((sum, point) => sum + point[direction], 0)
  const first = points[0] as Points[number]
  const peak = points.reduce((most, point) => point[direction] > most[direction] ? point : most, first)
  const judged = outsideBand(points, direction)
  const what = direction === 'arrivals' ? text.arrivals : text.exits
  return `${text.chartSummary(what, number(total), number(peak[direction]), pointLabel(peak.time))}` +
    (judged.of > 0 ? ` ${text.chartBand(number(judged.outside), number(judged.of))}` : '')
}

async function picture (
  charts: Partial<Record<typeof DIRECTIONS[number], Chart>>, heading: string, points: Points
): Promise<Blob | null> {
  const { drawPicture } = await import('./picture.ts')
  const parts = DIRECTIONS.flatMap(direction => {
    const chart = charts[direction]
    return chart === undefined ? [] : [{ canvas: chart.canvas(), caption: summaryOf(points, direction) }]
  })
  const simulated = document.documentElement.dataset.simulated === undefined ? null : words.value.simulated
  return await drawPicture({ heading, parts, foot: board.value === null ? '' : stamp(board.value.at), simulated })
}

function csvOf (points: Points): (string | number | null)[][] {
  return [
    ['time', 'arrivals', 'exits', 'expected_arrivals', 'arrivals_low', 'arrivals_high', 'expected_exits', 'exits_low', 'exits_high'],
    ...points.map(point => [point.time, point.arrivals, point.departures, point.expectedArrivals, point.arrivalsLow,
      point.arrivalsHigh, point.expectedDepartures, point.departuresLow, point.departuresHigh])
  ]
}
