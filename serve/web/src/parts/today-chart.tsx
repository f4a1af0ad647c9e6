// Today by hour, with the normal band.
import type { Board } from '../../../board/board-schema.ts'
import { words } from '../state/taste.ts'
import { SeriesChart } from './series-chart.tsx'

export function TodayChart ({ board }: { board: Board }) {
  return (
    <SeriesChart
      name='today' heading={words.value.todayByHour}
      query={{ grain: 'hour', from: board.businessDate, to: board.businessDate }}
    />
  )
}
