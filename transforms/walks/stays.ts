// The walk over one traveller's admitted crossings that pairs them into stays, and how stays lapse (docs/method.md §3).
import { type CrossingColumns, type Range, NO_DAY } from './columns.ts'
import { ABROAD, CLOSED, INSIDE, LAPSED, NO_BEGIN, NO_END, OPEN } from './outcomes.ts'

/** A stay. Crossings are row numbers of the columns, −1 where there is none. */
export interface Stay {
  /** Ordinal of STATES. */
  state: number
  begin: number
  /** The out of `closed` and `no_begin`; the in of `no_end`. */
  end: number
  /** NO_DAY for `no_begin`. */
  beganOn: number
  /** Milliseconds; NaN while open and where the end is a lapse day. */
  endedAt: number
  /** NO_DAY while open. */
  endedOn: number
  /** endedOn as the walk left it, before lapsing. */
  walkEndedOn: number
  /** The last authorised day; NO_DAY where there is none. */
  permittedUntil: number
}

export interface StayWalk {
  /** Ordinal of SIDES. */
  side: number
  /** In the order in which the walk wrote them. */
  stays: Stay[]
  /** Rows of crossings that repeat the stamp before. */
  repeated: number[]
}

const REPEATED_MS_MAX = 30 * 60_000
/** Days past permitted_until, or past the beginning where that is not known, after which a stay lapses. */
const LAPSE_DAYS = 366
const LAPSE_DAYS_UNPERMITTED = 1827

/** Walks the crossings of one traveller (at least one); permitted_until and lapsing come later. */
export function walkStays (crossings: CrossingColumns, { from, to }: Range, national: number): StayWalk {
  const { occurredAt, direction } = crossings
  const side = crossings.nationality[from] === national ? ABROAD : INSIDE
  const beginning = side === INSIDE ? 0 : 1
  const walk: StayWalk = { side, stays: [], repeated: [] }
  let open: Stay | null = null

  const step = (row: number): void => {
    open = direction[row] === beginning ? takeIn(walk, crossings, open, row) : takeOut(walk, crossings, open, row)
  }

  for (let row = from; row < to;) {
    let next = row + 1
    while (next < to && occurredAt[next] === occurredAt[row]) next++
    if (next === row + 1) step(row)
    else stepTogether(row, next, fits => direction[fits] === beginning === (open === null), step)
    row = next
  }
  return walk
}

/** Crossings of one instant: each time the first that fits what is open by then, else the first by id. */
function stepTogether (from: number, to: number, fits: (row: number) => boolean, step: (row: number) => void): void {
  const left = Array.from({ length: to - from }, (_, i) => from + i)
  while (left.length > 0) {
    const [row] = left.splice(Math.max(left.findIndex(fits), 0), 1)
    step(row as number)
  }
}

function takeIn (walk: StayWalk, crossings: CrossingColumns, open: Stay | null, row: number): Stay {
  if (open !== null && repeats(crossings, open.begin, row)) {
    walk.repeated.push(row)
    return open
  }
  if (open !== null) end(open, NO_END, crossings, row)
  const stay: Stay = {
    state: OPEN,
    begin: row,
    end: -1,
    beganOn: crossings.day[row] as number,
    endedAt: NaN,
    endedOn: NO_DAY,
    walkEndedOn: NO_DAY,
    permittedUntil: NO_DAY
  }
  walk.stays.push(stay)
  return stay
}

function takeOut (walk: StayWalk, crossings: CrossingColumns, open: Stay | null, row: number): null {
  if (open !== null) {
    end(open, CLOSED, crossings, row)
    return null
  }
  const last = walk.stays.at(-1)
  if (last !== undefined && repeats(crossings, last.end, row)) {
    walk.repeated.push(row)
    return null
  }
  const stay: Stay = {
    state: NO_BEGIN,
    begin: -1,
    end: row,
    beganOn: NO_DAY,
    endedAt: NaN,
    endedOn: NO_DAY,
    walkEndedOn: NO_DAY,
    permittedUntil: NO_DAY
  }
  end(stay, NO_BEGIN, crossings, row)
  walk.stays.push(stay)
  return null
}

function end (stay: Stay, state: number, crossings: CrossingColumns, row: number): void {
  stay.state = state
  stay.end = row
  stay.endedAt = crossings.occurredAt[row] as number
  stay.endedOn = crossings.day[row] as number
  stay.walkEndedOn = stay.endedOn
}

function repeats ({ checkpoint, occurredAt }: CrossingColumns, before: number, row: number): boolean {
  return checkpoint[before] === checkpoint[row] &&
    (occurredAt[row] as number) - (occurredAt[before] as number) <= REPEATED_MS_MAX
}

/** Lapses what is due at `asOf`: an open stay, and a `no_end` whose lapse day came before the in that ended it. */
export function lapse (stay: Stay, asOf: number): void {
  if (stay.state === OPEN && lapseDay(stay) <= asOf) stay.state = LAPSED
  else if (stay.state !== NO_END || lapseDay(stay) >= stay.endedOn) return
  stay.endedOn = lapseDay(stay)
  stay.endedAt = NaN
}

/** The day on which a stay that has not ended lapses. */
export function lapseDay ({ permittedUntil, beganOn }: Stay): number {
  return permittedUntil === NO_DAY ? beganOn + LAPSE_DAYS_UNPERMITTED : permittedUntil + LAPSE_DAYS
}
