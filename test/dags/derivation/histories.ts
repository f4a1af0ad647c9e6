// Random histories of travellers as messages: what they did, how it was corrected, and in which order it came.
import fc from 'fast-check'
import { type TestMessage } from '../../support/warehouse.ts'

type Fields = Record<string, unknown>

/** A moment in the loading of a run: a batch, then perhaps days that pass or a restart, then a refresh. */
export interface Moment { messages: TestMessage[], passing: Passing, restart: boolean }

/** How time passes: days, or to a day on which something changes, where mistakes of one day show. */
export interface Passing {
  kind: 'days' | 'due' | 'event'
  /** Days; for `due` and `event` which of the coming ones, and how many days off it. */
  days: number
  pick: number
}

export interface Run {
  /** The as-of date of the first moment, in days since 1970-01-01. */
  firstAsOf: number
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
  steps: fc.array(step, { minLength: 2, maxLength: 12, size: 'max' })
})
type Traveller = typeof traveller extends fc.Arbitrary<infer T> ? T : never
type Step = Traveller['steps'][number]

/** Runs over this number of travellers, whose messages come mixed in random batches. */
export function runs (travellerCount: number): fc.Arbitrary<Run> {
  return fc.record({
    travellers: fc.array(traveller, { minLength: travellerCount, maxLength: travellerCount, size: 'max' }),
    firstAsOfDay: fc.integer({ min: 0, max: 1500 }),
    moments: fc.array(fc.record({
      share: fc.integer({ min: 1, max: 100 }),
      passing: fc.oneof(
        fc.record({ kind: fc.constant('days' as const), days: fc.constantFrom(0, 0, 1, 30, 487), pick: fc.constant(0) }),
        fc.record({ kind: fc.constant('due' as const), days: fc.constantFrom(0, -1), pick: fc.integer({ min: 0, max: 9 }) }),
        fc.record({ kind: fc.constant('event' as const), days: fc.constantFrom(0, 0, 1), pick: fc.integer({ min: 0, max: 9 }) })
      ),
      restart: fc.constantFrom(false, false, false, false, true)
    }), { minLength: 2, maxLength: 6, size: 'max' })
  }).map(({ travellers, firstAsOfDay, moments }) => {
    const messages = travellers.flatMap(messagesOf).sort((a, b) => a.place - b.place).map(({ fields }) =>
      ({ bytes: Buffer.from(JSON.stringify(fields)), receivedAtMs: RECEIVED_MS }))
    const shares = moments.reduce((sum, { share }) => sum + share, 0)
    let taken = 0
    let given = 0
    return {
      firstAsOf: Math.floor((BASE_MS + 7 * 3_600_000) / 86_400_000) + firstAsOfDay,
      moments: moments.map(({ share, passing, restart }) => {
        given += share
        const to = Math.round(messages.length * given / shares)
        const moment = { messages: messages.slice(taken, to), passing, restart }
        taken = to
        return moment
      })
    }
  })
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
