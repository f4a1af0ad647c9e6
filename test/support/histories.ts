// Messages as they may come: one right message of each contract to start from, and random histories in which few
// records are sent again, corrected in any of their fields, voided, contradicted and broken.
import fc from 'fast-check'
import type { TestMessage } from './warehouse.ts'

export type Fields = Record<string, unknown>

const DOCUMENT = { type: 'passport', issuing_state: 'DEU', number: 'N1' }
const TRAVELLER = { nationality: 'DEU', sex: 'F', date_of_birth: '1990-05-17', country_of_residence: 'DEU' }

/** A crossing that is loaded. */
export const crossing = (fields: Fields = {}): Fields => ({
  contract: 'gdi.crossing.v1',
  event_id: 'e1',
  revision: 1,
  action: 'record',
  occurred_at: '2024-03-10T09:30:00+07:00',
  recorded_at: '2024-03-10T09:30:05+07:00',
  checkpoint: 'KHC-BVT',
  direction: 'arrival',
  decision: 'admitted',
  document: { ...DOCUMENT },
  traveller: { ...TRAVELLER },
  ...fields
})

/** A tally that is loaded. */
export const tally = (fields: Fields = {}): Fields => ({
  contract: 'gdi.tally.v1',
  tally_id: 't1',
  revision: 1,
  action: 'record',
  recorded_at: '2024-03-10T18:00:00+07:00',
  checkpoint: 'KHC-BVT',
  date: '2024-03-10',
  direction: 'exit',
  nationality: 'VNM',
  count: 7,
  ...fields
})

/** An extension that is loaded. */
export const extension = (fields: Fields = {}): Fields => ({
  contract: 'gdi.extension.v1',
  extension_id: 'x1',
  revision: 1,
  action: 'record',
  granted_at: '2024-03-20T10:00:00+07:00',
  document: { ...DOCUMENT },
  visa: { class: 'EB', permitted_until: '2024-09-20' },
  ...fields
})

/** A registration that is loaded. */
export const registration = (fields: Fields = {}): Fields => ({
  contract: 'fpcs.registration.v1',
  registration_id: 'r1',
  revision: 1,
  action: 'record',
  registered_at: '2024-03-10T20:00:00+07:00',
  channel: 'app',
  reporter: 'owner',
  accommodation: { id: 'A1', type: 'hotel', province: 'KH-12', district: 'Doun Penh' },
  document: { ...DOCUMENT },
  traveller: { ...TRAVELLER },
  check_in: '2024-03-10',
  ...fields
})

/** A message as it was received on 1 April 2024. */
export function message (fields: Fields | string, receivedAtMs = Date.parse('2024-04-01T05:00:00Z')): TestMessage {
  return { bytes: Buffer.from(typeof fields === 'string' ? fields : JSON.stringify(fields)), receivedAtMs }
}

/** Messages loaded into a partition, batch by batch; `restart` closes and opens the warehouse before them. */
export interface Segment { partition: string, messages: TestMessage[], batchMessages: number, restart: boolean }

const RECEIVED_MS = [
  '2024-03-31T16:59:59.999Z', '2024-03-31T17:00:00Z', '2024-04-01T05:00:00Z', '2024-04-02T00:00:00Z'
].map(text => Date.parse(text))

const maybe = <T> (...values: T[]): fc.Arbitrary<T | null | undefined> =>
  fc.constantFrom<T | null | undefined>(undefined, null, ...values)
/** One of the right values; now and then one that is wrong. */
const mostly = <T> (right: fc.Arbitrary<T>, ...wrong: T[]): fc.Arbitrary<T> => fc.oneof(
  { weight: 40, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) })
const oneOf = <T> (...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const id = (letter: string): fc.Arbitrary<string> => fc.integer({ min: 1, max: 8 }).map(number => `${letter}${number}`)
const revision = oneOf(1, 1, 1, 2, 2, 3)
const action = oneOf('record', 'record', 'record', 'record', 'record', 'void')
// Several spellings of one value, which make no difference; and the day on which one airport took over from another.
const checkpoint = mostly(oneOf('KHC-BVT', 'KHC-BVT', 'khc bvt', 'Bavet', 'PNH', 'PNH'), 'REP', 'SAI', 'KTI', 'Nowhere')
const instant = mostly(oneOf(
  '2023-10-15T23:59:59.999+07:00', '2023-10-15T17:00:00Z', '2023-10-16T10:00:00+07:00', '2023-10-17T00:30:00+07:00', '2024-03-10T09:30:00.5+07:00',
  '2024-03-10T02:30:00.500Z', '2024-03-31T23:59:00+07:00'), '2024-04-01T12:05:00+07:00', '1999-12-31T16:59:59Z')
const recorded = oneOf('2024-03-10T09:30:05+07:00', '2024-03-10T09:30:06+07:00')
const date = mostly(oneOf('2023-10-15', '2023-10-16', '2023-10-17', '2024-03-10'), '2024-04-02', '1999-12-31', '2025-06-01')
const state = mostly(oneOf('DEU', 'DEU', 'D', 'KHM', 'KHM', 'VNM', 'GBN'), 'UTO', 'ZZZ')
const document = fc.record({
  type: oneOf('passport', 'passport', 'border_pass'), issuing_state: state, number: mostly(oneOf('N1', 'n-1', 'N2'), '---')
})
const traveller = fc.record({
  nationality: state,
  sex: oneOf('F', 'M', 'X', '<'),
  date_of_birth: mostly(maybe('1990-05-17', '2010', '2008-03', '2020-02-29'), '2030', '1600'),
  country_of_residence: mostly(maybe('DEU', 'THA'), 'XXA')
})
const until = oneOf('2024-04-10', '2024-09-20', '2023-10-20')
const direction = oneOf('arrival', 'exit')
const drifting = oneOf<Fields>({}, {}, {}, { note: 'x' })

const crossings = fc.record({
  contract: fc.constant('gdi.crossing.v1'),
  event_id: id('e'),
  revision,
  action,
  occurred_at: instant,
  recorded_at: recorded,
  checkpoint,
  direction,
  decision: oneOf('admitted', 'admitted', 'refused'),
  refusal_reason: mostly(maybe('no_visa'), 'nothing'),
  mode: maybe('air', 'land'),
  document,
  traveller,
  accompaniment: maybe('parent', 'none'),
  visa: fc.oneof(maybe<object>(), fc.record({ class: mostly(oneOf('T', 'EB', 'border_pass'), 'Q'), permitted_until: maybe('2024-04-10') })),
  purpose: maybe('holiday', 'employment'),
  destination_province: mostly(maybe('KH-12', 'KH-1'), 'KH-26'),
  carrier: maybe('K6 1', 'ក្រុង'),
  returnee: fc.oneof(maybe<object>(), fc.record({ from: mostly(oneOf('THA', 'VNM'), 'D'), reason: oneOf('deported', 'crisis'), nea: oneOf('registered') }))
})
const tallies = fc.record({
  contract: fc.constant('gdi.tally.v1'),
  tally_id: id('t'),
  revision,
  action,
  recorded_at: recorded,
  checkpoint,
  date,
  direction,
  nationality: state,
  sex: maybe('F', 'X'),
  count: mostly(oneOf(0, 1, 7, 1_000_000), -1)
})
const extensions = fc.record({
  contract: fc.constant('gdi.extension.v1'),
  extension_id: id('x'),
  revision,
  action,
  granted_at: instant,
  document,
  visa: fc.record({ class: mostly(oneOf('EB', 'ER'), 'Q'), permitted_until: until })
})
const registrations = fc.record({
  contract: fc.constant('fpcs.registration.v1'),
  registration_id: id('r'),
  revision,
  action,
  registered_at: instant,
  channel: oneOf('app', 'online'),
  reporter: oneOf('owner', 'self'),
  accommodation: fc.record({
    id: oneOf('A1', 'A2'), type: oneOf('hotel', 'rental'), province: mostly(oneOf('KH-12', 'KH-3'), 'KH-01'), district: maybe('ដូនពេញ')
  }),
  document,
  traveller,
  check_in: date,
  check_out: mostly(maybe('2024-04-03'), '2023-10-14')
})

const broken = fc.constantFrom('', ' \n', 'hello', '[1]', '{"contract":"gdi.crossing.v9"}', '{"contract":"gdi.tally.v1"}', '[[[[[[[[[1]]]]]]]]]', '\ufeff{}')

type Sent = Fields & { contract: string }
/** A changed copy: a few fields, and the revision, are those of another message of the contract. */
function spliced (one: Sent, other: Sent, picks: readonly number[]): Fields {
  const names = Object.keys(one).filter(name => name !== 'contract')
  const taken = ['revision', ...picks.map(pick => names[pick % names.length] as string)]
  return coherent({ ...one, ...Object.fromEntries(taken.map(name => [name, other[name]])) })
}

/** Mostly without a reason for a refusal that is none. */
function coherent (fields: Fields): Fields {
  return fields['decision'] === 'admitted' && fields['refusal_reason'] !== 'nothing' ? { ...fields, refusal_reason: null } : fields
}

const ofContract = (records: fc.Arbitrary<Sent>): fc.Arbitrary<string[]> => fc.tuple(
  records, fc.array(fc.tuple(records, fc.array(fc.nat(30), { maxLength: 3 }), drifting), { maxLength: 7 })
).map(([first, others]) => [
  coherent(first), ...others.map(([other, picks, drift]) => ({ ...spliced(first, other, picks), ...drift }))
].map(fields => JSON.stringify(fields)))

const texts = fc.tuple(
  fc.array(fc.oneof(
    { weight: 4, arbitrary: ofContract(crossings) },
    { weight: 2, arbitrary: ofContract(tallies) },
    { weight: 1, arbitrary: ofContract(extensions) },
    { weight: 2, arbitrary: ofContract(registrations) },
    { weight: 1, arbitrary: fc.array(broken, { maxLength: 2 }) }
  ), { minLength: 1, maxLength: 10 }),
  fc.array(fc.nat(10_000), { minLength: 90, maxLength: 90 })
).map(([groups, places]) => groups.flat().map((text, i) => ({ text, place: places[i % 90] as number, i }))
  .sort((a, b) => a.place - b.place || a.i - b.i).map(({ text }) => text))

/** Random histories: messages of all contracts in random order, cut into segments of several partitions. */
export const histories: fc.Arbitrary<Segment[]> = fc.tuple(
  texts,
  fc.array(fc.nat(RECEIVED_MS.length - 1), { minLength: 20, maxLength: 20 }),
  fc.array(fc.record({
    share: fc.integer({ min: 1, max: 30 }), partition: fc.constantFrom('1', '2', '3'), batchMessages: fc.constantFrom(1, 2, 5, 100), restart: fc.constantFrom(false, false, true)
  }), { minLength: 1, maxLength: 5 })
).map(([all, receipts, cuts]) => {
  const messages = all.map((text, i) => message(text, RECEIVED_MS[receipts[i % 20] as number]))
  let taken = 0
  return cuts.map(({ share, ...cut }, number) => {
    const to = number === cuts.length - 1 ? messages.length : Math.min(messages.length, taken + share)
    const segment = { ...cut, messages: messages.slice(taken, to) }
    taken = to
    return segment
  })
})
