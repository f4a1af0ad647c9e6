// One count on the band of what is normal for the whole hour, with a line where it should be by now.
import type { Band } from '../../../board/board-schema.ts'
import { format, words } from '../state/taste.ts'

const WIDTH = 300

export function BandBar ({ value, band, byNow, measure }: {
  value: number, band: Band, byNow: number, measure: 'arrivals' | 'departures'
}) {
  const most = Math.max(value, band.high, 1) * 1.08
  const x = (count: number): number => Math.round(count / most * WIDTH * 10) / 10
  const { number } = format.value
  const label = `${number(value)}. ${words.value.expectedByNow(number(byNow))}. ` +
    words.value.usually(number(band.median), number(band.low), number(band.high))
  return (
    <svg class={`band-bar ${measure}`} viewBox={`0 0 ${WIDTH} 26`} preserveAspectRatio='none' role='img' aria-label={label}>
      <rect class='track' x='0' y='8' width={WIDTH} height='10' rx='2' />
      <rect class='band' x={x(band.low)} y='3' width={Math.max(2, x(band.high) - x(band.low))} height='20' rx='2' />
      <rect class='value' x='0' y='8' width={x(value)} height='10' rx='2' />
      <rect class='median' x={x(band.median) - 1} y='3' width='2' height='20' />
      <rect class='by-now' x={x(byNow) - 1} y='0' width='2' height='26' />
    </svg>
  )
}
