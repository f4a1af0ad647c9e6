// One direction of a series on a canvas: bars of what was counted, over the normal band and the line of the expected.
import Plot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { BoardSeries } from '../../../board/board-schema.ts'
import type { Format } from '../format.ts'

export interface Chart {
  canvas (): HTMLCanvasElement
  destroy (): void
}

const FONT = '"Noto Sans Khmer Variable", system-ui, sans-serif'
const BAR_WIDTH_MAX = 26
/** Hours and days between labels. */
const HOUR_STEPS = [1, 3, 6, 12, 24, 48, 96, 168]
const DAY_STEPS = [1, 2, 7, 14, 28]

/** Draws into the box and follows its width. */
export function createChart (
  box: HTMLElement, { points, grain }: BoardSeries, direction: 'arrivals' | 'departures', height: number, format: Format
): Chart {
  const own = direction === 'arrivals'
  const pick = <T>(ofArrivals: T, ofDepartures: T): T => own ? ofArrivals : ofDepartures
  const ordinals = points.map((_, i) => i)
  const data: Plot.AlignedData = [
    ordinals,
    points.map(point => pick(point.arrivalsHigh, point.departuresHigh)),
    points.map(point => pick(point.arrivalsLow, point.departuresLow)),
    points.map(point => pick(point.expectedArrivals, point.expectedDepartures)),
    points.map(point => point[direction])
  ]
  const colour = (name: string): string => getComputedStyle(box).getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--muted'), font: `12px ${FONT}`, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }
  }
  const plot = new Plot({
    width: Math.max(200, box.clientWidth),
    height,
    padding: [8, 8, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] },
      y: { range: (_, _low, high) => [0, Math.max(4, high * 1.08)] }
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 56,
        incrs: grain === 'hour' ? HOUR_STEPS : DAY_STEPS,
        values: (_, splits) => splits.map(i => label(points[i]?.time, points.length, format))
      },
      { ...axis, size: 52, values: (_, splits) => splits.map(value => Number.isInteger(value) ? format.number(value) : '') }
    ],
    series: [
      {},
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: colour('--expected'), width: 1.5, dash: [4, 4], points: { show: false } },
      {
        stroke: colour(pick('--arrivals', '--departures')),
        fill: colour(pick('--arrivals', '--departures')),
        width: 0,
        paths: Plot.paths.bars?.({ size: [0.55, BAR_WIDTH_MAX] }),
        points: { show: false }
      }
    ],
    bands: [{ series: [1, 2], fill: colour('--band') }]
  }, data, box)
  const observer = new ResizeObserver(() => { plot.setSize({ width: Math.max(200, box.clientWidth), height }) })
  observer.observe(box)
  return {
    canvas: () => plot.ctx.canvas,
    destroy () {
      observer.disconnect()
      plot.destroy()
    }
  }
}

/** By hour of one day the hour alone, otherwise the date. */
function label (time: string | undefined, count: number, format: Format): string {
  if (time === undefined) return ''
  if (time.length > 10 && count <= 24) return format.hour(Number(time.slice(11, 13)))
  return format.day(time.slice(0, 10))
}
