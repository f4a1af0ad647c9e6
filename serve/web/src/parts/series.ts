// Reading series: by key, kept for a while, read anew when the board has moved on.
import { signal, useSignalEffect } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { BoardSeries } from '../../../board/board-schema.ts'
import { readSeries } from '../api.ts'
import type { SeriesQuery } from '../types.ts'
import { board } from '../state/live.ts'

export type SeriesState = { is: 'loading' } | { is: 'failed' } | { is: 'here', series: BoardSeries }

const REFRESH_MS = 30_000
const ASK_MS_MIN = 5_000

/** A series that stays fresh while its chart is shown: at most every half minute of board time. */
export function useSeries (query: SeriesQuery): { state: SeriesState, again: () => void } {
  const key = JSON.stringify(query)
  const found = useMemo(() => signal<SeriesState>({ is: 'loading' }), [key])
  const turn = useMemo(() => signal(0), [key])
  const fetched = useMemo(() => ({ at: 0, turn: -1, realMs: 0 }), [key])
  useSignalEffect(() => {
    const at = board.value === null ? 0 : Date.parse(board.value.at)
    // In a demo time runs faster: the hour that changes is what matters, and no server is asked more than it takes.
    const due = at - fetched.at >= REFRESH_MS && performance.now() - fetched.realMs > ASK_MS_MIN
    if (fetched.turn === turn.value && !due) return
    Object.assign(fetched, { at, turn: turn.value, realMs: performance.now() })
    readSeries(query).then(
      series => { found.value = { is: 'here', series } },
      () => { if (found.peek().is !== 'here') found.value = { is: 'failed' } })
  })
  return { state: found.value, again: () => { turn.value++ } }
}
