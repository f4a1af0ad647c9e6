// What was to be expected at each hour or day of a series: computed from the weeks and years before it.
import type { Basis } from '../dags/baseline/bands.ts'
import { computeExpected } from '../dags/baseline/compute.ts'
import { type Measure, WHOLE_DAY } from '../dags/baseline/counts.ts'
import { sumBands } from '../dags/baseline/expected.ts'
import type { Band } from '../serve/board/board-schema.ts'
import { type ExpectedPoint, type ReadExpected, type SeriesRequest, timeText } from '../serve/board/series.ts'
import type { Warehouse } from '../sinks/warehouse/warehouse.ts'

/** Longer ranges are shown without what was expected: it would take longer to compute than a chart is waited for. */
const DAYS_MAX = 31

interface Row {
  day: number
  hour: number
  measure: Measure
  basis: Basis
  band: Band
}

/** Reads what is expected on the connection that is given. */
export function expectedSeries (
  { lists, codeNumbers }: Pick<Warehouse, 'lists' | 'codeNumbers'>, bandSpreads: number
): ReadExpected {
  const modes = new Map(lists.checkpoints.map(({ code, mode }) => [code, mode]))
  const codes = new Map([...codeNumbers.checkpoint].map(([code, number]) => [number, code]))
  return async (connection, { from, to, grain, checkpoint, mode }) => {
    if (to - from >= DAYS_MAX) return new Map()
    const rows: Row[] = []
    for await (const { day, cells } of computeExpected(connection, { lists, codeNumbers, bandSpreads }, from, to, 'persons')) {
      for (const { hour, checkpoint: number, measure, basis, median, low, high } of cells) {
        const code = codes.get(number) ?? 'unknown'
        const isAsked = (hour === WHOLE_DAY) === (grain === 'day') && (checkpoint === null || code === checkpoint) &&
          (mode === null || modes.get(code) === mode)
        if (isAsked && median !== null && low !== null && high !== null) {
          rows.push({ day, hour, measure, basis, band: { median, low, high } })
        }
      }
    }
    return sumByTime(grain, rows)
  }
}

function sumByTime (grain: SeriesRequest['grain'], rows: readonly Row[]): Map<string, ExpectedPoint> {
  const byTime = new Map<string, Row[]>()
  for (const row of rows) {
    const time = timeText(grain, row.day, row.hour)
    const others = byTime.get(time)
    if (others === undefined) byTime.set(time, [row])
    else others.push(row)
  }
  const bandOf = (parts: readonly Row[], measure: Row['measure']): Band | null =>
    sumBands(parts.filter(part => part.measure === measure))
  return new Map([...byTime].map(([time, parts]) =>
    [time, { arrivals: bandOf(parts, 'arrivals'), departures: bandOf(parts, 'departures') }]))
}
