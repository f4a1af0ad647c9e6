// Counting the recent days by what the board shows: country, modes, checkpoints, refusals, returnees, registrations.
import { businessDay, businessHour } from '../../core/civil-date.ts'
import { DAYS_KEPT, KIND, NO_HOUR, type Recent, type RecentCell } from './recent.ts'

const HOURS = 25
const MINUTE_MS = 60_000
const MINUTES_SHOWN = 60
const GATE_HOURS = 24

interface Pair { arrivals: number, departures: number }
export interface FlowCounts { lastHour: Pair, today: Pair, sevenDays: Pair, thisHour: Pair }
interface Periods { lastHour: number, today: number, sevenDays: number }
type Period = keyof FlowCounts

export interface RecentCounts {
  country: FlowCounts
  /** By number of the mode and of the checkpoint. */
  modes: ReadonlyMap<number, FlowCounts>
  checkpoints: ReadonlyMap<number, FlowCounts>
  nationalities: ReturnType<Recent['mix']>
  visaClasses: ReturnType<Recent['mix']>
  refusals: Periods
  registrations: Periods
  returnees: Periods & { gates: ReadonlyMap<number, number[]> }
}

const pair = (): Pair => ({ arrivals: 0, departures: 0 })

/** Counts of nobody. */
export function noFlow (): FlowCounts {
  return { lastHour: pair(), today: pair(), sevenDays: pair(), thisHour: pair() }
}

/** Counts what is in the window, as of an instant. */
export function countRecent (recent: Recent, nowMs: number): RecentCounts {
  const today = businessDay(nowMs)
  const firstDay = today - DAYS_KEPT + 1
  const currentHour = today * 24 + businessHour(nowMs)
  const firstMinute = Math.floor(nowMs / MINUTE_MS) - MINUTES_SHOWN + 1
  const counter = createCounter()
  for (const cell of recent.hours()) {
    const day = Math.floor(cell.time / HOURS)
    const hour = cell.time % HOURS
    if (day < firstDay || day > today) continue
    counter.add('sevenDays', cell)
    if (day === today) counter.add('today', cell)
    if (hour === NO_HOUR) continue
    if (day * 24 + hour === currentHour) counter.add('thisHour', cell)
    const ago = currentHour - (day * 24 + hour)
    if (cell.kind === KIND.returnee && ago >= 0 && ago < GATE_HOURS) {
      counter.addReturnees(cell, GATE_HOURS - 1 - ago)
    }
  }
  for (const cell of recent.minutes()) if (cell.time >= firstMinute) counter.add('lastHour', cell)
  return {
    ...counter.counts(),
    nationalities: recent.mix('nationality', today),
    visaClasses: recent.mix('visaClass', today),
    registrations: countRegistrations(recent, firstDay, today, firstMinute)
  }
}

/** Milliseconds since 1970 at which the next minute begins, and with it what the board shows changes. */
export function nextMinuteMs (nowMs: number): number {
  return (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS
}

interface Counter {
  add (period: Period, cell: RecentCell): void
  addReturnees (cell: RecentCell, index: number): void
  counts (): Pick<RecentCounts, 'country' | 'modes' | 'checkpoints' | 'refusals' | 'returnees'>
}

function createCounter (): Counter {
  const country = noFlow()
  const modes = new Map<number, FlowCounts>()
  const checkpoints = new Map<number, FlowCounts>()
  const refusals: Periods = { lastHour: 0, today: 0, sevenDays: 0 }
  const returnees: Periods = { lastHour: 0, today: 0, sevenDays: 0 }
  const gates = new Map<number, number[]>()

  function add (period: Period, { checkpoint, mode, kind, persons }: RecentCell): void {
    if (kind === KIND.refused || kind === KIND.returnee) {
      if (period !== 'thisHour') (kind === KIND.refused ? refusals : returnees)[period] += persons
      return
    }
    const side = kind === KIND.arrival ? 'arrivals' : 'departures'
    country[period][side] += persons
    flowOf(modes, mode)[period][side] += persons
    flowOf(checkpoints, checkpoint)[period][side] += persons
  }

  return {
    add,
    addReturnees ({ checkpoint, persons }, index) {
      const hours = gates.get(checkpoint) ?? new Array<number>(GATE_HOURS).fill(0)
      hours[index] = hours[index]! + persons
      gates.set(checkpoint, hours)
    },
    counts: () => ({
      country, modes, checkpoints, refusals, returnees: { ...returnees, gates: new Map([...gates].filter(isSomebody)) }
    })
  }
}

const isSomebody = ([, hours]: [number, number[]]): boolean => hours.some(persons => persons !== 0)

function flowOf (map: Map<number, FlowCounts>, key: number): FlowCounts {
  let counts = map.get(key)
  if (counts === undefined) map.set(key, counts = noFlow())
  return counts
}

function countRegistrations (recent: Recent, firstDay: number, today: number, firstMinute: number): Periods {
  const { days, minutes } = recent.registrations()
  const counts: Periods = { lastHour: 0, today: days.get(today) ?? 0, sevenDays: 0 }
  for (const [day, count] of days) if (day >= firstDay && day <= today) counts.sevenDays += count
  for (const [minute, count] of minutes) if (minute >= firstMinute) counts.lastHour += count
  return counts
}
