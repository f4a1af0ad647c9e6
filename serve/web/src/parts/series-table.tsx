// The points of a series as a table.
import type { BoardSeries } from '../../../board/board-schema.ts'
import { format, words } from '../state/taste.ts'
import { pointLabel } from './series-words.ts'

export function SeriesTable ({ points, drill }: { points: BoardSeries['points'], drill?: (time: string) => string }) {
  const text = words.value
  const { number } = format.value
  const band = (low: number | null, high: number | null): string => low === null || high === null ? '–' : `${number(low)}–${number(high)}`
  return (
    <div class='scroll' tabIndex={0} role='group' aria-label={text.asTable}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{text.date}</th>
            <th scope='col' class='n'>{text.arrivals}</th><th scope='col' class='n'>{text.band}</th>
            <th scope='col' class='n'>{text.exits}</th><th scope='col' class='n'>{text.band}</th>
          </tr>
        </thead>
        <tbody>
          {points.map(point => (
            <tr key={point.time} data-time={point.time}>
              <th scope='row'>{drill === undefined ? pointLabel(point.time) : <a href={drill(point.time)}>{pointLabel(point.time)}</a>}</th>
              <td class='n'>{number(point.arrivals)}</td><td class='n'>{band(point.arrivalsLow, point.arrivalsHigh)}</td>
              <td class='n'>{number(point.departures)}</td><td class='n'>{band(point.departuresLow, point.departuresHigh)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
