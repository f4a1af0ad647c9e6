// The walk of the 12/16-month rule over one traveller's stays (docs/method.md §8): which beginnings and endings changed
// the long-term residence. Linear in the number of stays: a commuter has thousands.
import type { Stay, StayWalk } from './stays.ts'
import { CLOSED, LAPSED, MIGRANT, NO_BEGIN, NO_END, NONE, NOT_A_CHANGE, NOT_MIGRANT, OPEN, UNDETERMINED } from './outcomes.ts'
import { NO_DAY } from './columns.ts'

/** The outcomes of a stay's two events, ordinals of MIGRANT_OUTCOMES; NONE where there is no such event. */
export interface StayEvents {
  /** Of the beginning, by the walk. */
  inOutcome: number
  /** As published, but for the first fact's 487 days, which change with the first fact. */
  inPublished: number
  /** Of the ending, as published but for the first fact's 487 days. */
  outPublished: number
}

export interface MigrantWalk {
  /** One per stay. */
  events: StayEvents[]
  /** The earliest day from which an outcome may differ though no event came; Infinity if none may. */
  dueOn: number
}

export const WINDOW_DAYS = 487
const LONG_DAYS = 365

/** Classifies the events of one traveller, whose stays have been permitted and lapsed. */
export function walkMigrants ({ stays }: StayWalk, asOf: number): MigrantWalk {
  const spans = measure(stays, asOf)
  let resident = false
  let wasUndetermined = false
  let noBeginDay = -Infinity
  let dueOn = Infinity

  const events = stays.map((stay, place): StayEvents => {
    const event: StayEvents = { inOutcome: NONE, inPublished: NONE, outPublished: NONE }
    if (stay.state === NO_BEGIN) {
      noBeginDay = stay.endedOn
      event.outPublished = UNDETERMINED
      return event
    }
    const settle = (window: Window | null, day: number): { outcome: number, published: number } => {
      const outcome = window === null ? NOT_A_CHANGE : judge(window)
      if (window !== null && outcome === UNDETERMINED) dueOn = Math.min(dueOn, nextChange(window, asOf))
      // Only someone who was not resident may have been here before without our knowing.
      const early = day - noBeginDay < WINDOW_DAYS
      const published = wasUndetermined || early ? UNDETERMINED : outcome
      wasUndetermined ||= outcome === UNDETERMINED
      return { outcome, published }
    }
    const begun = settle(resident ? null : spent(spans, place, stay.beganOn, asOf), stay.beganOn)
    event.inOutcome = begun.outcome
    event.inPublished = begun.published
    if (begun.outcome === MIGRANT) resident = true
    if (stay.state === CLOSED) {
      const hiddenBefore = wasUndetermined
      const ended = settle(resident ? away(spans, place, stay.endedOn, asOf) : null, stay.endedOn)
      event.outPublished = resident && !hiddenBefore ? ended.outcome : ended.published
      if (ended.outcome === MIGRANT) resident = false
    }
    return event
  })
  return { events, dueOn }
}

/** Days of a window that count for a change, may yet be found to count, and are still to come. */
interface Window { counted: number, possible: number, left: number, end: number }

function judge ({ counted, possible, left }: Window): number {
  if (counted >= LONG_DAYS) return MIGRANT
  return counted + possible + left < LONG_DAYS ? NOT_MIGRANT : UNDETERMINED
}

/** A day cannot add more than one day to what counts, nor take more than one from what may count. */
function nextChange ({ counted, possible, left, end }: Window, asOf: number): number {
  if (asOf >= end) return Infinity
  return asOf + Math.min(LONG_DAYS - counted, counted + possible + left - LONG_DAYS + 1)
}

/** Three disjoint spans of days a stay, in order of time, and how many days lie in those before each stay. */
interface Spans {
  from: Int32Array
  /** [from, spentTo) is spent, [spentTo, possibleTo) possible, [from, insideTo) not away. */
  spentTo: Int32Array
  possibleTo: Int32Array
  insideTo: Int32Array
  spentBefore: Int32Array
  possibleBefore: Int32Array
  insideBefore: Int32Array
  count: number
}

/** Used again for each traveller: nobody keeps them, and making seven arrays costs more than a walk. */
let scratch = createSpans(64)

function createSpans (capacity: number): Spans {
  const days = (): Int32Array => new Int32Array(capacity + 1)
  return {
    from: days(),
    spentTo: days(),
    possibleTo: days(),
    insideTo: days(),
    spentBefore: days(),
    possibleBefore: days(),
    insideBefore: days(),
    count: 0
  }
}

function measure (stays: readonly Stay[], asOf: number): Spans {
  const count = stays.length
  if (scratch.from.length <= count) scratch = createSpans(count * 2)
  const spans = scratch
  // The sums of what came before start at 0 in every array, and nothing writes there.
  spans.count = count
  let latest = stays[0]?.endedOn ?? 0
  for (let i = 0; i < count; i++) {
    const stay = stays[i] as Stay
    // A stay without a beginning takes no time; it stands where the walk met it.
    const from = stay.state === NO_BEGIN ? Math.max(latest, stay.endedOn) : stay.beganOn
    const { spentTo, possibleTo, insideTo } = timeIn(stay, from, asOf)
    latest = insideTo
    spans.from[i] = from
    spans.spentTo[i] = spentTo
    spans.possibleTo[i] = possibleTo
    spans.insideTo[i] = insideTo
    spans.spentBefore[i + 1] = spans.spentBefore[i] as number + spentTo - from
    spans.possibleBefore[i + 1] = spans.possibleBefore[i] as number + possibleTo - spentTo
    spans.insideBefore[i + 1] = spans.insideBefore[i] as number + insideTo - from
  }
  return spans
}

function timeIn (stay: Stay, from: number, asOf: number): { spentTo: number, possibleTo: number, insideTo: number } {
  const { state, endedOn, permittedUntil } = stay
  const authorisedTo = permittedUntil === NO_DAY ? Infinity : permittedUntil + 1
  switch (state) {
    case CLOSED: return { spentTo: endedOn, possibleTo: endedOn, insideTo: endedOn }
    case OPEN: return { spentTo: Math.min(authorisedTo, asOf), possibleTo: asOf, insideTo: asOf }
    case LAPSED: {
      const spentTo = authorisedTo === Infinity ? endedOn : authorisedTo
      return { spentTo, possibleTo: spentTo, insideTo: endedOn }
    }
    case NO_END: return { spentTo: from, possibleTo: from, insideTo: endedOn }
    default: return { spentTo: from, possibleTo: from, insideTo: from }
  }
}

/** The window of a beginning: days spent on the side from there. */
function spent (spans: Spans, place: number, day: number, asOf: number): Window {
  const end = day + WINDOW_DAYS
  // Stays before this one had ended by this day.
  const next = firstFrom(spans, place, end)
  const last = next - 1
  const { spentBefore, possibleBefore, spentTo, possibleTo } = spans
  const spentOver = Math.max(0, spentTo[last] as number - end)
  const possibleOver = Math.max(0, (possibleTo[last] as number) - Math.max(end, spentTo[last] as number))
  return {
    counted: (spentBefore[next] as number) - (spentBefore[place] as number) - spentOver,
    possible: (possibleBefore[next] as number) - (possibleBefore[place] as number) - possibleOver,
    left: Math.max(0, end - asOf),
    end
  }
}

/** The window of an ending: days inside no stay from there. */
function away (spans: Spans, place: number, day: number, asOf: number): Window {
  const end = day + WINDOW_DAYS
  const until = Math.min(end, asOf)
  const next = firstFrom(spans, place + 1, until)
  const { insideBefore, insideTo } = spans
  const over = next === place + 1 ? 0 : Math.max(0, (insideTo[next - 1] as number) - until)
  const inside = (insideBefore[next] as number) - (insideBefore[place + 1] as number) - over
  return { counted: until - day - inside, possible: 0, left: Math.max(0, end - asOf), end }
}

/** The first stay at or after `place` that begins on `day` or later. */
function firstFrom ({ from, count }: Spans, place: number, day: number): number {
  let low = place
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((from[middle] as number) < day) low = middle + 1
    else high = middle
  }
  return low
}
