// Decides from the slot table alone what has come due. Nothing of it is remembered elsewhere, so neither a restart nor
// a clock that jumps can make it run a slot twice or lose one.
import { lastFire } from '../../core/cron.ts'
import type { Slot } from '../../sinks/control/dag-slots.ts'
import type { Dag } from './dag.ts'
import { lastEnded } from './period.ts'

/** A slot that is seen later than this after it came due was missed. */
const LATE_MS = 60_000
/** Slots left out are recorded so far back; older ones are left out without a row. */
const SKIPPED_ROWS_MAX = 200

type Planned = Pick<Dag, 'name' | 'schedule' | 'unit' | 'catchUp' | 'begins'>

/**
 * The slots to add at a time, oldest first: those that have come due and are not recorded, as the catch-up rule says.
 * @param sinceMs since when the DAG is known; no slot before it is owed
 * @param recorded the periods that are recorded of this DAG
 */
export function slotsDue (dag: Planned, sinceMs: number, recorded: ReadonlySet<string>, nowMs: number): Slot[] {
  const slots = slotsBetween(dag, sinceMs, nowMs)
  // Behind the newest one that is recorded nothing is owed, unless all are.
  const known = slots.findIndex(slot => recorded.has(slot.period))
  return (dag.catchUp.kind === 'all' || known < 0 ? slots : slots.slice(0, known))
    .map((slot, index): Slot => ({ ...slot, state: isOwed(dag, slot.dueMs, nowMs, index === 0) ? 'waiting' : 'skipped' }))
    .filter(slot => !recorded.has(slot.period))
    .reverse()
}

/** The slot that came due last; null if that was before the DAG was known. */
export function newestSlot (dag: Planned, sinceMs: number, nowMs: number): Slot | null {
  const due = lastFire(dag.schedule, nowMs)
  return due === null || due <= sinceMs ? null : slotsBetween(dag, due - 1, nowMs)[0] ?? null
}

/** From when slots of a DAG that is seen for the first time are owed: the last one that was due, or the next. */
export function firstSince ({ schedule, begins }: Pick<Planned, 'schedule' | 'begins'>, nowMs: number): number {
  const last = begins === 'last' ? lastFire(schedule, nowMs) : null
  return last === null ? nowMs : last - 1
}

/** Waiting slots that a newer one makes superfluous, where only the last one is owed. */
export function superseded ({ catchUp }: Pick<Dag, 'catchUp'>, waiting: readonly Slot[]): Slot[] {
  return catchUp.kind === 'all' ? [] : waiting.slice(0, -1)
}

/** The slots whose times lie after `fromMs`, up to `toMs`, the newest first. */
function slotsBetween (dag: Planned, fromMs: number, toMs: number): Slot[] {
  const slots: Slot[] = []
  for (let due = lastFire(dag.schedule, toMs); due !== null && due > fromMs; due = lastFire(dag.schedule, due - 1)) {
    const period = lastEnded(dag.unit, due)
    const previous = slots.at(-1)
    // Of several times in a period the first one counts.
    if (previous?.period === period.key) {
      previous.dueMs = due
      continue
    }
    if (slots.length >= SKIPPED_ROWS_MAX && !isOwed(dag, due, toMs, false)) break
    slots.push({
      dag: dag.name,
      period: period.key,
      periodStartMs: period.startMs,
      periodEndMs: period.endMs,
      dueMs: due,
      planned: true,
      late: toMs - due > LATE_MS,
      state: 'waiting',
      failures: 0,
      notBeforeMs: null,
      decidedMs: toMs
    })
  }
  return slots
}

function isOwed ({ catchUp }: Pick<Dag, 'catchUp'>, dueMs: number, nowMs: number, isNewest: boolean): boolean {
  switch (catchUp.kind) {
    case 'none': return isNewest && nowMs - dueMs <= LATE_MS
    case 'last': return isNewest
    case 'all': return nowMs - dueMs <= catchUp.windowMs
  }
}
