// At what the process dies in each turn of a crash loop: every named point once, and random moments in between.
import { FAILPOINTS, type Failpoint } from '../../core/failpoint.ts'
import type { Random } from './random.ts'

export type Crash =
  | { kind: 'point', point: Failpoint, pass: number }
  /** At a random moment from the first instruction on: opening, replaying, recovering. */
  | { kind: 'starting', afterMs: number }
  /** At a random moment after something of the source was loaded. */
  | { kind: 'loading', source: 'spool' | 'kafka', afterMs: number }

/** What makes the process pass a point, where loading alone does not. */
export type Provocation = 'load' | 'rebuild' | 'compact' | 'purge' | 'replay' | 'backup' | 'terminate'

const PROVOCATIONS: Partial<Record<Failpoint, Provocation>> = {
  'index-copy-written': 'terminate',
  'index-copy-renamed': 'terminate',
  'segment-purged': 'purge',
  'accounting-folded': 'compact',
  'deltas-folded': 'compact',
  'rebuild-computed': 'rebuild',
  'replay-rows-written': 'replay',
  'replay-committed': 'replay',
  'backup-copied': 'backup',
  'backup-complete': 'backup'
}

/** Passed once in the life of a folder, or only after very much was loaded. */
const ONCE: readonly Failpoint[] = ['migration-step', 'segment-begun', 'index-copy-written', 'index-copy-renamed']
/** Passed once by each process. */
const ONCE_A_PROCESS: readonly Failpoint[] = ['index-opened']
/** Need many travellers or much loaded before: they come last. */
const isLate = (point: Failpoint): boolean => /^(refresh|checkpoint|index-copy|replay|deltas|segment-purged)/.test(point)
/** Few of many travellers are touched only where there are many. */
const isLast = (point: Failpoint): boolean => point.startsWith('index-copy')

export function provocationOf (point: Failpoint): Provocation {
  return PROVOCATIONS[point] ?? 'load'
}

/** A plan of so many crashes, at least one for each point. */
export function crashPlan (crashes: number, random: Random): Crash[] {
  const points = [
    ...FAILPOINTS.filter(point => !isLate(point)),
    ...FAILPOINTS.filter(point => isLate(point) && !isLast(point)),
    ...FAILPOINTS.filter(isLast)
  ]
  const others = Math.max(0, crashes - points.length)
  const between: Crash[] = Array.from({ length: others }, (_, i) => randomCrash(i, random))
  const plan: Crash[] = []
  for (const [i, point] of points.entries()) {
    // The 20th step of a migration is in its middle.
    plan.push({ kind: 'point', point, pass: point === 'migration-step' ? 20 : 1 })
    const due = Math.round((i + 1) * others / points.length) - Math.round(i * others / points.length)
    plan.push(...between.splice(0, due))
  }
  return plan
}

const SOURCES = ['spool', 'kafka', 'spool'] as const

function randomCrash (i: number, random: Random): Crash {
  const choice = i % 4
  if (choice === 0) return { kind: 'starting', afterMs: random.below(2_500) }
  if (choice === 1) return { kind: 'loading', source: SOURCES[i % 3] as 'spool' | 'kafka', afterMs: random.below(400) }
  if (choice === 2) {
    const again = FAILPOINTS.filter(point => !ONCE.includes(point) && provocationOf(point) === 'load' && !isLate(point))
    const point = random.pick(again)
    const pass = 1 + random.below(3)
    return { kind: 'point', point, pass: ONCE_A_PROCESS.includes(point) ? 1 : pass }
  }
  return { kind: 'loading', source: 'spool', afterMs: random.below(1_500) }
}
