// The board: what the operators' page shows, as one answer. The contract between the server and the page.
import * as z from 'zod'
import { ENUMS } from '../../schemas/enums.ts'

/** Counts by nationality or visa class below this are not told apart. */
export const SMALL_COUNT = 5

const instant = z.iso.datetime().describe('An instant, RFC 3339 in UTC')
const date = z.iso.date().describe('A civil date in Cambodia (UTC+7), YYYY-MM-DD')
const count = z.int().describe('A number of persons (movements: who crosses twice counts twice)')
const seconds = z.number().describe('Seconds')

/** A count by nationality or visa class: the number, or only that it is below five. */
export const smallCountSchema = z.union([
  z.strictObject({ value: z.int() }),
  z.strictObject({ below: z.literal(SMALL_COUNT) })
]).describe('A count; one from 1 to 4 is given as `{ "below": 5 }` only, to be shown as `<5`')

export const directionsSchema = z.strictObject({
  arrivals: count.describe('Admitted arrivals'),
  departures: count.describe('Admitted exits'),
  net: z.int().describe('Arrivals less departures')
})

export const bandSchema = z.strictObject({
  median: z.number().describe('What is usual at this time'),
  low: z.number().describe('The lower end of the normal band'),
  high: z.number().describe('The upper end of the normal band')
})

/** Expected of a whole hour or date; null where there is not enough history to say. */
export const expectedSchema = z.strictObject({ arrivals: bandSchema, departures: bandSchema }).nullable()
  .describe('What is to be expected, with the normal band; null where there is not enough history')

const flowShape = {
  lastHour: directionsSchema.describe('Crossings of the sixty minutes up to `at`, by the time at which they occurred'),
  today: directionsSchema.describe('Crossings and tallies of the business date so far'),
  sevenDays: directionsSchema.describe('Crossings and tallies of the business date and the six before it'),
  thisHour: z.strictObject({
    arrivals: count,
    departures: count,
    expected: expectedSchema.describe('Expected of the whole hour; null where there is not enough history')
  }).describe('Crossings of the clock hour `hour` so far. Tallies have no hour')
}

export const flowSchema = z.strictObject(flowShape)

export const feedStates = ['live', 'late', 'silent', 'closed', 'unknown'] as const
export const feedStateSchema = z.enum(feedStates).describe(
  'live: messages come as expected. late: they come, but with a delay. silent: none where some are expected. ' +
  'closed: closed by schedule, so none are expected. unknown: not enough history, or not judged yet')

export const feedSchema = z.strictObject({
  state: feedStateSchema,
  expected: z.number().nullable().describe('Messages expected of the time that is judged; null where unknown'),
  seen: z.int().nullable().describe('Messages seen in it; null where unknown'),
  silentSince: instant.nullable().describe('Since when there has been nothing, where silent'),
  lastOccurredAt: instant.nullable().describe('The newest event, by the time at which it occurred'),
  lastReceivedAt: instant.nullable().describe('The newest event, by the time at which it was received'),
  delayDeskSeconds: seconds.nullable().describe('Median seconds from the event to its recording at the desk'),
  delayBoardSeconds: seconds.nullable().describe('Median seconds from the recording to its receipt here')
})

const names = {
  nameEn: z.string().describe('English name'),
  nameKm: z.string().describe('Khmer name')
}

export const boardCheckpointSchema = z.strictObject({
  ...names,
  province: z.string().describe('Province, ISO 3166-2:KH (`KH-12`)'),
  mode: z.enum(ENUMS.travel_mode).describe('Default mode of travel at the checkpoint'),
  type: z.string().describe('Class of checkpoint: international, bilateral, local … (schemas/lists/checkpoints.csv)'),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  ...flowShape,
  surge: z.boolean().describe('True while arrivals or departures are far above what is expected'),
  feed: feedSchema
})

const mixSchema = z.strictObject({ ...names, arrivals: smallCountSchema, departures: smallCountSchema })

const periodsSchema = z.strictObject({ lastHour: z.int(), today: z.int(), sevenDays: z.int() })

export const boardSchema = z.strictObject({
  at: instant.describe('The instant to which the board is computed'),
  businessDate: date,
  hour: z.int().min(0).max(23).describe('The clock hour at UTC+7'),
  startedAt: instant.describe('When the process was started'),
  loadedThrough: instant.nullable().describe('The receipt of the newest loaded message; null before the first'),
  derivedThrough: z.int().nullable().describe('The sequence up to which stays and what rests on them are derived'),
  derivedAsOf: date.nullable().describe('The date through which they are derived; null before the first time'),
  derivationLagSeconds: seconds.describe('Age of the oldest facts that derived figures do not have yet'),
  country: flowSchema,
  modes: z.partialRecord(z.enum(ENUMS.travel_mode), flowSchema).describe('By mode of travel'),
  checkpoints: z.record(z.string(), boardCheckpointSchema).describe('By checkpoint code, all that are valid today'),
  nationalities: z.record(z.string(), mixSchema).describe('Admitted today, by nationality code'),
  visaClasses: z.record(z.string(), mixSchema).describe('Admitted today, by visa class'),
  refusals: periodsSchema.describe('Persons refused, both directions'),
  inCountry: z.strictObject({
    foreigners: z.int().describe('Foreigners in the country at the end of `asOf`, or so far if that is today'),
    asOf: date
  }).nullable().describe('null before it is derived for the first time'),
  overstays: z.array(z.strictObject({ lengthBand: z.string(), people: z.int() })).nullable()
    .describe('Foreigners in the country past their authorised stay, by days past it; null before derived'),
  registrations: z.strictObject({
    ...periodsSchema.shape,
    coverageShare: z.number().min(0).max(1).nullable().describe(
      'Stays past 24 hours that were registered (in time or later), of those begun in the last 31 days; null where none')
  }).describe('FPCS registrations by the time at which they were registered'),
  returnees: z.strictObject({
    ...periodsSchema.shape,
    hoursFrom: instant.describe('Start of the first of the 24 hours'),
    gates: z.record(z.string(), z.strictObject({
      hours: z.array(z.int()).length(24).describe('Returnees an hour; the last is the current hour'),
      expectedNext: z.number().nullable().describe(
        'Expected in the next hour: the last three full hours, weighted 3, 2, 1')
    })).describe('By checkpoint code, where there was one in the 24 hours')
  }).describe('Admitted arrivals of Cambodian nationals who are returned'),
  quarantine: z.strictObject({
    open: z.int().describe('Messages that wait for a person'),
    share: z.number().min(0).max(1).describe('Quarantined of the messages received today'),
    byReason: z.record(z.string(), z.int()).describe('Open, by reason'),
    newest: instant.nullable().describe('The newest that is open')
  }),
  sources: z.record(z.string(), z.strictObject({
    state: z.string().describe('starting, running, stopped or failed'),
    lag: z.int().nullable().describe('Messages that wait at the source, where it can say'),
    lastActivity: instant.nullable().describe('Its last sign of life since the start')
  })).describe('Where messages come from, by name'),
  feeds: z.record(z.string(), feedSchema).describe('Feeds without a checkpoint, by contract'),
  gapsOpen: z.int().describe('Gaps in the numbering of a source that wait to be accepted'),
  integrity: z.strictObject({
    ok: z.boolean().nullable(),
    at: instant.nullable(),
    failing: z.array(z.string())
  }).describe('The last check of what must always be true (`borderflow verify`); null before the first')
})

const expectedPoint = z.number().nullable()

export const boardSeriesSchema = z.strictObject({
  grain: z.enum(['hour', 'day']),
  from: date,
  to: date,
  checkpoint: z.string().nullable(),
  mode: z.enum(ENUMS.travel_mode).nullable(),
  points: z.array(z.strictObject({
    time: z.string().describe('`YYYY-MM-DDTHH` at UTC+7 by hour, `YYYY-MM-DD` by day'),
    arrivals: z.int(),
    departures: z.int(),
    expectedArrivals: expectedPoint,
    arrivalsLow: expectedPoint,
    arrivalsHigh: expectedPoint,
    expectedDepartures: expectedPoint,
    departuresLow: expectedPoint,
    departuresHigh: expectedPoint
  })).describe('One for every hour or day of the range up to now, also where nobody crossed')
})

export type SmallCount = z.infer<typeof smallCountSchema>
export type Directions = z.infer<typeof directionsSchema>
export type Band = z.infer<typeof bandSchema>
export type Expected = z.infer<typeof expectedSchema>
export type Flow = z.infer<typeof flowSchema>
export type FeedState = z.infer<typeof feedStateSchema>
export type Feed = z.infer<typeof feedSchema>
export type BoardCheckpoint = z.infer<typeof boardCheckpointSchema>
export type Board = z.infer<typeof boardSchema>
export type BoardSeries = z.infer<typeof boardSeriesSchema>
