// Owns stays: the walk over a traveller's admitted crossings, and how a stay lapses.
import { byCodePoint } from './csv.ts'
import { civilDay, type Day } from './dates.ts'
import type { Crossing, TravellerKey } from './records.ts'

export type StayState = 'open' | 'closed' | 'no_end' | 'no_begin' | 'lapsed'

export interface Stay {
  traveller: TravellerKey
  side: 'inside' | 'abroad'
  state: StayState
  /** The crossing that began it; undefined for `no_begin`. */
  begin: Crossing | undefined
  /** The crossing that ended it: the out of `closed` and `no_begin`, the in of `no_end`. */
  end: Crossing | undefined
  /** Whose nationality, sex, age band and visa class count: the beginning, for `no_begin` the end. */
  subject: Crossing
  beganAt: number | undefined
  beganOn: Day | undefined
  endedAt: number | undefined
  endedOn: Day | undefined
  /** endedOn as the walk left it, before lapsing. */
  walkEndedOn: Day | undefined
  permittedUntil: Day | undefined
}

export interface Walk {
  traveller: TravellerKey
  /** In the order in which the walk wrote them. */
  stays: Stay[]
  repeatedStamps: Crossing[]
}

const repeatedMs = 30 * 60_000

/** Walks one traveller's admitted crossings up to as_of; permitted_until and lapsing come later. */
export function walk (traveller: TravellerKey, crossings: readonly Crossing[]): Walk {
  const left = [...crossings].sort((a, b) => a.occurredAt - b.occurredAt || byCodePoint(a.id, b.id))
  const side = left[0]?.nationality === 'KHM' ? 'abroad' : 'inside'
  const begins = (crossing: Crossing): boolean => (crossing.direction === 'arrival') === (side === 'inside')
  const stays: Stay[] = []
  const repeatedStamps: Crossing[] = []
  let open: Stay | undefined

  while (left[0] !== undefined) {
    const next = takeNext(left, crossing => begins(crossing) === (open === undefined))
    const last = stays.at(-1)
    if (begins(next)) {
      if (open !== undefined && repeats(next, open.begin)) {
        repeatedStamps.push(next)
        continue
      }
      if (open !== undefined) end(open, 'no_end', next)
      open = begun(traveller, side, next)
      stays.push(open)
    } else if (open !== undefined) {
      end(open, 'closed', next)
      open = undefined
    } else if (repeats(next, last?.end)) {
      repeatedStamps.push(next)
    } else {
      stays.push(notBegun(traveller, side, next))
    }
  }
  return { traveller, stays, repeatedStamps }
}

/** The earliest crossing left; at the same instant first one that fits, then by event_id. Removes it. */
function takeNext (left: Crossing[], fits: (crossing: Crossing) => boolean): Crossing {
  const instant = left[0]?.occurredAt
  const fitting = left.findIndex(crossing => crossing.occurredAt === instant && fits(crossing))
  const [next] = left.splice(Math.max(fitting, 0), 1)
  if (next === undefined) throw new Error('no crossing left')
  return next
}

function repeats (crossing: Crossing, before: Crossing | undefined): boolean {
  return before !== undefined && crossing.checkpoint === before.checkpoint &&
    crossing.occurredAt - before.occurredAt <= repeatedMs
}

function begun (traveller: TravellerKey, side: Stay['side'], begin: Crossing): Stay {
  return {
    traveller,
    side,
    state: 'open',
    begin,
    end: undefined,
    subject: begin,
    beganAt: begin.occurredAt,
    beganOn: begin.day,
    endedAt: undefined,
    endedOn: undefined,
    walkEndedOn: undefined,
    permittedUntil: undefined
  }
}

function notBegun (traveller: TravellerKey, side: Stay['side'], out: Crossing): Stay {
  const stay: Stay = { ...begun(traveller, side, out), begin: undefined, beganAt: undefined, beganOn: undefined }
  end(stay, 'no_begin', out)
  return stay
}

function end (stay: Stay, state: StayState, crossing: Crossing): void {
  stay.state = state
  stay.end = crossing
  stay.endedAt = crossing.occurredAt
  stay.endedOn = civilDay(crossing.occurredAt)
  stay.walkEndedOn = stay.endedOn
}

/** Lapses an open stay that is due at as_of, and moves the end of a `no_end` to its lapse day if that is earlier. */
export function lapse (stay: Stay, asOf: Day): void {
  if (stay.beganOn === undefined) return
  const lapseDay = stay.permittedUntil === undefined ? stay.beganOn + 1827 : stay.permittedUntil + 366
  const lapses = (stay.state === 'open' && lapseDay <= asOf) ||
    (stay.state === 'no_end' && stay.endedOn !== undefined && lapseDay < stay.endedOn)
  if (!lapses) return
  if (stay.state === 'open') stay.state = 'lapsed'
  stay.endedOn = lapseDay
  stay.endedAt = undefined
}
