// The signs of a state: each tone has a shape of its own, for colour alone says nothing to many.
import type { FeedState } from '../../../board/board-schema.ts'
import type { Level } from '../judge/level.ts'
import type { Tone } from '../judge/verdict.ts'
import { words } from '../state/taste.ts'

const SHAPES: Record<Tone | 'closed' | 'below', string> = {
  good: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z',
  watch: 'M8 1.2 15.4 14.4H.6z',
  below: 'M8 14.8 15.4 1.6H.6z',
  bad: 'M2 2h12v12H2z',
  unknown: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 4a4 4 0 1 1 0 8a4 4 0 1 1 0-8z',
  closed: 'M1.5 6.2h13v3.6h-13z'
}

/** The shape of a tone; the word stands beside it. */
export function Mark ({ tone, big = false }: { tone: keyof typeof SHAPES, big?: boolean }) {
  return (
    <svg class={`mark tone-${tone}${big ? ' big' : ''}`} viewBox='0 0 16 16' aria-hidden='true' focusable='false'>
      <path d={SHAPES[tone]} fill='currentColor' fill-rule='evenodd' />
    </svg>
  )
}

export const FEED_TONES: Record<FeedState, keyof typeof SHAPES> =
  { live: 'good', late: 'watch', silent: 'bad', closed: 'closed', unknown: 'unknown' }
const LEVEL_TONES: Record<Level, keyof typeof SHAPES> =
  { normal: 'good', above: 'watch', below: 'below', early: 'unknown', unknown: 'unknown' }

export function FeedMark ({ state }: { state: FeedState }) {
  return <span class={`sign tone-${FEED_TONES[state]}`}><Mark tone={FEED_TONES[state]} />{words.value.feedStates[state]}</span>
}

export function LevelMark ({ level }: { level: Level }) {
  return <span class={`sign tone-${LEVEL_TONES[level]}`}><Mark tone={LEVEL_TONES[level]} />{words.value.levels[level]}</span>
}
