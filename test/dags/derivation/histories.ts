// Random histories of travellers as messages: what they did, how it was corrected, and in which order it came.
import fc from 'fast-check'
import type { TestMessage } from '../../support/warehouse.ts'

export type Fields = Record<string, unknown>

/** A moment in a history: perhaps a restart, messages, days that pass, then a refresh. */
export interface Moment { fields: Fields[], passing: Passing, restart: boolean }

/** How time passes: days, or to a day on which something changes, where mistakes of one day show. */
export interface Passing {
  kind: 'days' | 'due' | 'event'
  /** Days; for `due` and `event` which of the coming ones, and how many days off it. */
  days: number
  pick: number
}

/** A run of histories: what several travellers did, in one stream of messages. */
export interface Run {
  travellers: number
  /** The as-of date of the first moment, in days since 1970-01-01. */
  firstAsOf: number
  /** Messages in a batch. */
  batchMessages: number
  moments: Moment[]
}

const RECEIVED_MS = Date.parse('2045-01-01T00:00:00Z')
const BASE_MS = Date.parse('2016-06-01T00:00:00+07:00')
const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60
/** The travellers' spans begin within so many days of the base. */
const START_DAYS_MAX = 300

const gapMinutes = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 0, 10, 30, 31, 300, 1439, 1440, 1441) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 40 }).map(days => days * DAY_MINUTES) },
  { weight: 2, arbitrary: fc.integer({ min: 60, max: 500 }).map(days => days * DAY_MINUTES) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(365, 366, 367, 486, 487, 488, 1826, 1827, 1828).map(days => days * DAY_MINUTES)
  }
)

const untilDays = fc.constantFrom(null, null, -3, 0, 6, 29, 90, 365, 730)

const step = fc.record({
  gapMinutes,
  kind: fc.constantFrom('cross', 'cross', 'cross', 'cross', 'extension', 'registration'),
  // Mostly to and fro; now and then one stamp is missing or stands twice.
  turns: fc.constantFrom(true, true, true, true, false),
  refused: fc.constantFrom(false, false, false, false, false, false, false, true),
  checkpoint: fc.constantFrom('KHC-BVT', 'KHC-BVT', 'KHC-PPT', 'SAI'),
  visaClass: fc.constantFrom(null, 'T', 'T', 'E', 'EB', 'K', 'B', 'D', 'exempt', 'exempt'),
  untilDays,
  purpose: fc.constantFrom(null, 'holiday', 'business', 'employment'),
  residence: fc.constantFrom(null, 'DEU', 'KHM', 'THA'),
  province: fc.constantFrom(null, 'KH-12', 'KH-17', 'KH-18'),
  checkInDays: fc.constantFrom(-1, 0, 0, 0, 1, 5, 200),
  correction: fc.constantFrom(null, null, null, 'void', 'shift', 'traveller', 'turn', 'refuse', 'nationality'),
  correctionValue: fc.integer({ min: -40, max: 40 }),
  again: fc.constantFrom(false, false, false, true),
  // Where in the stream the message, its correction and its repetition come.
  places: fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }))
})

const traveller = fc.record({
  nationality: fc.constantFrom('KHM', 'KHM', 'DEU', 'CHN', 'VNM', 'THA', 'PHL'),
  documentType: fc.constantFrom('passport', 'passport', 'passport', 'border_pass'),
  birth: fc.constantFrom(null, '1980-02-29', '2009', '2015-11'),
  startDay: fc.integer({ min: 0, max: START_DAYS_MAX }),
  firstIsExit: fc.boolean(),
  steps: fc.array(step, { minLength: 2, maxLength: 10, size: 'max' })
})
type Traveller = typeof traveller extends fc.Arbitrary<infer T> ? T : never
type Step = Traveller['steps'][number]

const TRAVELLERS_MAX = 20
/** Travellers of a run, on average. */
export const TRAVELLERS_A_RUN = (1 + TRAVELLERS_MAX) / 2

const FIRST_AS_OF = Math.floor((BASE_MS + 7 * 3_600_000) / 86_400_000)
const IDS = ['event_id', 'extension_id', 'registration_id'] as const

const passing = fc.oneof(
  fc.record({ kind: fc.constant('days' as const), days: fc.constantFrom(0, 0, 1, 30, 487), pick: fc.constant(0) }),
  fc.record({ kind: fc.constant('due' as const), days: fc.constantFrom(0, -1), pick: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constant('event' as const), days: fc.constantFrom(0, 0, 1), pick: fc.integer({ min: 0, max: 9 }) })
)
const restart = fc.integer({ min: 1, max: 20 }).map(number => number === 20)
const parts = fc.array(fc.record({ share: fc.integer({ min: 1, max: 100 }), passing, restart }),
  { minLength: 1, maxLength: 4, size: 'max' })
const start = fc.record({
  travellers: fc.array(traveller, { minLength: 1, maxLength: TRAVELLERS_MAX, size: 'max' }),
  firstAsOfDay: fc.integer({ min: 0, max: 1500 }),
  batchMessages: fc.constantFrom(7, 40, 100)
})

/** What travellers did, coming in parts of random size while time passes. */
export const mixedRuns: fc.Arbitrary<Run> = fc.record({ start, parts }).map(given => {
  const shares = given.parts.reduce((sum, { share }) => sum + share, 0)
  const all = orderedFields(given.start.travellers)
  let taken = 0
  let shared = 0
  return withMoments(given.start, given.parts.map(({ share, ...moment }) => {
    shared += share
    const fields = all.slice(taken, Math.round(all.length * shared / shares))
    taken += fields.length
    return { ...moment, fields }
  }))
})

/** Everything comes at once; then only time passes, to days on which something changes and to those before them. */
export const dayRolls: fc.Arbitrary<Run> = fc.record({
  start, passings: fc.array(passing, { minLength: 2, maxLength: 5, size: 'max' })
}).map(given => withMoments(given.start, given.passings.map((passing, at) =>
  ({ fields: at === 0 ? orderedFields(given.start.travellers) : [], passing, restart: false }))))

/** The first fact of all comes when everything else is there, is moved, and is taken away again. */
export const firstFacts: fc.Arbitrary<Run> = fc.record({
  start,
  steps: fc.array(step, { minLength: 1, maxLength: 3, size: 'max' }),
  passings: fc.tuple(passing, passing, passing),
  number: fc.constantFrom(0, 9),
  daysBefore: fc.tuple(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 1500 }))
}).map(({ start, steps, passings, number, daysBefore }) => {
  const one: Traveller = { ...start.travellers[0] as Traveller, startDay: 0, steps: [] }
  const sent = (revision: number, days: number, action: string): Fields[] => steps.map((each, at) => ({
    ...fieldsOf(one, number, { ...each, kind: 'cross', refused: false }, 100 + at, -(days + at) * DAY_MINUTES, at % 2 > 0),
    revision,
    action
  }))
  const batches = [
    orderedFields(start.travellers), sent(1, daysBefore[0], 'record'), sent(2, daysBefore[1], 'record'), sent(3, 0, 'void')
  ]
  return withMoments(start, batches.map((fields, at) =>
    ({ fields, passing: passings[at] ?? { kind: 'days', days: 0, pick: 0 }, restart: false })))
})

/** Messages of a moment. The prefix tells ids apart from those of other histories in the same warehouse. */
export function messagesWith (prefix: string, fields: readonly Fields[]): TestMessage[] {
  return fields.map(one => {
    const ids = Object.fromEntries(IDS.filter(id => id in one).map(id => [id, `${prefix}${String(one[id])}`]))
    return { bytes: Buffer.from(JSON.stringify({ ...one, ...ids })), receivedAtMs: RECEIVED_MS }
  })
}

function withMoments (
  { firstAsOfDay, batchMessages, travellers }: { firstAsOfDay: number, batchMessages: number, travellers: unknown[] },
  moments: Moment[]
): Run {
  return { travellers: travellers.length, firstAsOf: FIRST_AS_OF + firstAsOfDay, batchMessages, moments }
}

function orderedFields (travellers: readonly Traveller[]): Fields[] {
  return travellers.flatMap(messagesOf).sort((a, b) => a.place - b.place).map(({ fields }) => fields)
}

function messagesOf (one: Traveller, number: number): { place: number, fields: Fields }[] {
  let minutes = one.startDay * DAY_MINUTES + 600
  let exits = one.firstIsExit
  let crossed = false
  return one.steps.flatMap((each, at) => {
    minutes += each.gapMinutes
    if (each.kind === 'cross') {
      if (crossed && each.turns) exits = !exits
      crossed = true
    }
    const first = fieldsOf(one, number, each, at, minutes, exits)
    const sent = [{ place: each.places[0], fields: first }]
    const corrected = correct(first, one, number, each, at, minutes, exits)
    if (corrected !== null) sent.push({ place: each.places[1], fields: corrected })
    if (each.again) sent.push({ place: each.places[2], fields: first })
    return sent
  })
}

function fieldsOf (
  one: Traveller, number: number, each: Step, at: number, minutes: number, exits: boolean
): Fields {
  const time = new Date(BASE_MS + minutes * MINUTE_MS).toISOString()
  const dayAfter = (days: number): string =>
    new Date(BASE_MS + (minutes + days * DAY_MINUTES + 420) * MINUTE_MS).toISOString().slice(0, 10)
  const id = `t${number}-${at}`
  const common = {
    revision: 1,
    action: 'record',
    document: { type: one.documentType, issuing_state: one.nationality, number: `N${number}` },
    traveller: {
      nationality: one.nationality, sex: 'F', date_of_birth: one.birth, country_of_residence: each.residence
    }
  }
  if (each.kind === 'extension') {
    const visa = { class: each.visaClass ?? 'EB', permitted_until: dayAfter(each.untilDays ?? 180) }
    return { contract: 'gdi.extension.v1', extension_id: id, granted_at: time, visa, ...common }
  }
  if (each.kind === 'registration') {
    return {
      contract: 'fpcs.registration.v1',
      registration_id: id,
      registered_at: time,
      channel: 'app',
      reporter: 'owner',
      accommodation: { id: 'A1', type: 'hotel', province: each.province ?? 'KH-3' },
      check_in: dayAfter(each.checkInDays),
      ...common
    }
  }
  return {
    contract: 'gdi.crossing.v1',
    event_id: id,
    occurred_at: time,
    recorded_at: time,
    checkpoint: each.checkpoint,
    direction: exits ? 'exit' : 'arrival',
    decision: each.refused ? 'refused' : 'admitted',
    purpose: each.purpose,
    destination_province: each.province,
    visa: each.visaClass === null
      ? null
      : { class: each.visaClass, permitted_until: each.untilDays === null ? null : dayAfter(each.untilDays) },
    ...common
  }
}

/** The second revision of a message, of which the checkpoint `SAI` may make a record that is quarantined. */
function correct (
  first: Fields, one: Traveller, number: number, each: Step, at: number, minutes: number, exits: boolean
): Fields | null {
  const again = (changed: Partial<Traveller>, step: Partial<Step>, shift = 0, turned = exits): Fields =>
    ({ ...fieldsOf({ ...one, ...changed }, number, { ...each, ...step }, at, minutes + shift, turned), revision: 2 })
  switch (each.correction) {
    case 'void': return { ...first, revision: 2, action: 'void' }
    case 'shift': return again({}, {}, Math.max(-minutes, each.correctionValue * 700))
    case 'traveller': return { ...again({}, {}), document: { ...first['document'] as Fields, number: 'N0' } }
    case 'turn': return again({}, {}, 0, !exits)
    case 'refuse': return again({}, { refused: !each.refused })
    case 'nationality': return again({ nationality: 'KHM' }, {})
    default: return null
  }
}
