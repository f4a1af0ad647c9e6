// Points of a series in words.
import type { BoardSeries } from '../../../board/board-schema.ts'
import { format } from '../state/taste.ts'

type Points = BoardSeries['points']

/** `22 Nov` or `22 Nov 14:00` of a point's time. */
export function pointLabel (time: string): string {
  const { day, hour } = format.value
  const date = day(time.slice(0, 10))
  return time.length > 10 ? `${date} ${hour(Number(time.slice(11, 13)))}` : date
}

/** How many points lie outside the band, of those that have one. The last is under way and is left out. */
export function outsideBand (points: Points, direction: 'arrivals' | 'departures'): { outside: number, of: number } {
  const [low, high] = direction === 'arrivals'
    ? ['arrivalsLow', 'arrivalsHigh'] as const
    : ['departuresLow', 'departuresHigh'] as const
  const judged = points.slice(0, -1).filter(point => point[low] !== null && point[high] !== null)
  return {
    outside: judged.filter(point =>
      point[direction] < (point[low] as number) || point[direction] > (point[high] as number)).length,
    of: judged.length
  }
}
