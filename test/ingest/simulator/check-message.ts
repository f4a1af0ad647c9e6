// The shapes of definitions §1 written out plainly, apart from the project's schemas: what is wrong with a message.
import { parseDay } from '../../../core/civil-date.ts'
import { parseInstant } from '../../../core/instant.ts'

export interface Message {
  contract: string
  revision: number
  action: string
  recorded_at: string
  occurred_at: string
  checkpoint: string
  direction: string
  decision: string
  mode: string
  purpose: string
  document: { type: string, issuing_state: string, number: string }
  traveller: { nationality: string, sex: string, date_of_birth?: string, country_of_residence?: string }
  accompaniment?: string
  visa?: { class: string, permitted_until?: string }
  returnee?: { from: string, reason: string, nea: string }
  [field: string]: unknown
}

const IDS: Record<string, string> = {
  'gdi.crossing.v1': 'event_id',
  'gdi.tally.v1': 'tally_id',
  'gdi.extension.v1': 'extension_id',
  'fpcs.registration.v1': 'registration_id'
}
const CHECKPOINTS = new Set(('KTI SAI KOS PNH REP PAS PPP KPT POI STB BTK MLI PDY DNG PRM CYM TMD CBK OSM CHM ASE BVT ' +
  'PVR MNC TPP TSR OYD DKD NLR BTC KRK KSN CTM PDN PCK TPK KCT').split(' ').map(code => `KHC-${code}`))
// Other spellings that definitions §12 lists: names, IATA codes and what reports write.
export const ALIASES: Record<string, string> = {
  KTI: 'KHC-KTI',
  PNH: 'KHC-PNH',
  SAI: 'KHC-SAI',
  KOS: 'KHC-KOS',
  'Poi Pet': 'KHC-POI',
  'Stung Bo': 'KHC-STB',
  'Phnom Dey': 'KHC-PDY',
  Doung: 'KHC-DNG',
  'Psar Pruhm': 'KHC-PRM',
  Chamyeam: 'KHC-CYM',
  Osmach: 'KHC-OSM',
  Chuam: 'KHC-CHM',
  Bavet: 'KHC-BVT',
  'Trapang Phlong': 'KHC-TPP',
  'Mon Chey': 'KHC-MNC',
  'Phnom Den': 'KHC-PDN',
  'Kaorm Samnor': 'KHC-KSN',
  'Khaorm Samnor': 'KHC-KSN',
  'Prek Chark': 'KHC-PCK',
  'Banteay Chakrei': 'KHC-BTC',
  'O Yadaw': 'KHC-OYD',
  'Trapeang Srae': 'KHC-TSR',
  'Trapeang Kriel': 'KHC-TPK',
  'Koh Chheuteal Thom': 'KHC-KCT',
  'Dak Dam': 'KHC-DKD',
  'Prey Vor': 'KHC-PVR',
  'Kaoh Roka': 'KHC-KRK',
  'Phnom Penh Autonomous Port': 'KHC-PPP',
  'Sihanoukville Autonomous Port': 'KHC-PAS',
  'Kampot International Tourism Port': 'KHC-KPT'
}
const PURPOSES = 'holiday visit education health religion shopping transit business employment other'
const VISAS = 'T E EB EG ER ES ET K A B C D G exempt border_pass'
const REFUSALS = 'no_document false_document no_visa false_visa purpose_not_justified no_means overstay_history ' +
  'watch_list public_order health minor_unaccompanied other'

/** The code of a checkpoint named by code or another spelling. */
export const checkpointOf = (message: Message): string => ALIASES[message.checkpoint] ?? message.checkpoint

export const idOf = (message: Message): string => String(message[IDS[message.contract] ?? ''])

/** Names of the fields that break a rule of definitions §1; empty for a valid message. */
export function faultsOf (message: Message): string[] {
  const faults: string[] = []
  const expect = (field: string, holds: boolean): void => { if (!holds) faults.push(field) }
  expect('contract', message.contract in IDS)
  expect('id', /^[A-Za-z0-9._:-]{1,64}$/.test(idOf(message)))
  expect('revision', Number.isInteger(message.revision) && message.revision >= 1)
  if (message.action === 'void') return faults
  expect('recorded_at', hasRecordedAt(message) === (message.recorded_at !== undefined))
  expect('recorded_at', !hasRecordedAt(message) || parseInstant(message.recorded_at) !== null)
  expect('action', message.action === 'record')
  switch (message.contract) {
    case 'gdi.crossing.v1': checkCrossing(message, expect); break
    case 'gdi.tally.v1': checkTally(message, expect); break
    case 'gdi.extension.v1': checkExtension(message, expect); break
    default: checkRegistration(message, expect)
  }
  return faults
}

/** Crossings and tallies say when they were recorded; the other two contracts know no such field. */
function hasRecordedAt ({ contract }: Message): boolean {
  return contract === 'gdi.crossing.v1' || contract === 'gdi.tally.v1'
}

type Expect = (field: string, holds: boolean) => void

function checkCrossing (message: Message, expect: Expect): void {
  const occurred = parseInstant(message.occurred_at)
  expect('occurred_at', occurred !== null && parseInstant(message.recorded_at)! >= occurred)
  expect('checkpoint', isOpenCheckpoint(message, message.occurred_at.slice(0, 10)))
  expect('direction', isOneOf(message.direction, 'arrival exit'))
  expect('decision', isOneOf(message.decision, 'admitted refused'))
  expect('refusal_reason', (message.decision === 'refused') === isOneOf(message.refusal_reason, REFUSALS))
  expect('mode', isOneOf(message.mode, 'air land sea river'))
  checkDocument(message, expect)
  checkTraveller(message, expect, message.occurred_at.slice(0, 10))
  expect('accompaniment', isAbsentOr(message.accompaniment, value => isOneOf(value, 'parent guardian other_adult none')))
  expect('visa', isAbsentOr(message.visa?.class, value => isOneOf(value, VISAS)))
  expect('permitted_until', isAbsentOr(message.visa?.permitted_until, isDate))
  expect('purpose', isOneOf(message.purpose, PURPOSES))
  expect('other_country', isAbsentOr(message.other_country, isAlpha3))
  expect('destination_province', isAbsentOr(message.destination_province, isProvince))
  expect('carrier', isAbsentOr(message.carrier, isText))
  if (message.returnee === undefined) return
  expect('returnee', message.traveller.nationality === 'KHM' && message.direction === 'arrival' &&
    isAlpha3(message.returnee.from) && isOneOf(message.returnee.reason, 'voluntary deported crisis other') &&
    isOneOf(message.returnee.nea, 'requested declined registered'))
}

function checkTally (message: Message, expect: Expect): void {
  expect('date', isDate(message.date))
  expect('checkpoint', isOpenCheckpoint(message, String(message.date)))
  expect('direction', isOneOf(message.direction, 'arrival exit'))
  expect('nationality', isAlpha3(message.nationality))
  expect('sex', isOneOf(message.sex, 'F M X'))
  const count = Number(message.count)
  expect('count', Number.isInteger(message.count) && count >= 0 && count <= 1_000_000)
}

function checkExtension (message: Message, expect: Expect): void {
  expect('granted_at', parseInstant(String(message.granted_at)) !== null)
  checkDocument(message, expect)
  expect('visa', isOneOf(message.visa?.class, VISAS) && isDate(message.visa?.permitted_until))
}

function checkRegistration (message: Message, expect: Expect): void {
  const accommodation = message.accommodation as Record<string, unknown>
  expect('registered_at', parseInstant(String(message.registered_at)) !== null)
  expect('channel', isOneOf(message.channel, 'app police_station online'))
  expect('reporter', isOneOf(message.reporter, 'owner landlord manager self'))
  expect('accommodation.id', isText(accommodation.id))
  expect('accommodation.type', isOneOf(accommodation.type, 'hotel guesthouse rental private employer other'))
  expect('accommodation.province', isProvince(accommodation.province))
  expect('accommodation.district', isAbsentOr(accommodation.district, isText))
  expect('accommodation.commune', isAbsentOr(accommodation.commune, isText))
  checkDocument(message, expect)
  checkTraveller(message, expect, String(message.registered_at).slice(0, 10))
  expect('check_in', isDate(message.check_in))
  expect('check_out', isAbsentOr(message.check_out, value => isDate(value) && String(value) >= String(message.check_in)))
}

function checkDocument ({ document }: Message, expect: Expect): void {
  expect('document.type', isOneOf(document.type, 'passport border_pass travel_document emergency other'))
  expect('document.issuing_state', isMachineReadable(document.issuing_state))
  expect('document.number', /^[A-Z0-9]{1,64}$/.test(document.number))
}

function checkTraveller ({ traveller }: Message, expect: Expect, date: string): void {
  expect('traveller.nationality', isMachineReadable(traveller.nationality) && traveller.nationality !== 'UTO')
  expect('traveller.sex', isOneOf(traveller.sex, 'F M X <'))
  expect('traveller.country_of_residence', isAbsentOr(traveller.country_of_residence, isAlpha3))
  expect('traveller.date_of_birth', isAbsentOr(traveller.date_of_birth, value => {
    const text = String(value)
    const whole = text.length === 4 ? `${text}-01-01` : text.length === 7 ? `${text}-01` : text
    return isDate(whole) && whole <= date && whole > '1900-01-01'
  }))
}

function isOpenCheckpoint (message: Message, date: string): boolean {
  const code = checkpointOf(message)
  if (code === 'KHC-KTI' && date < '2025-09-09') return false
  if (code === 'KHC-PNH' && date > '2025-09-09') return false
  if (code === 'KHC-SAI' && date < '2023-10-16') return false
  if (code === 'KHC-REP' && date > '2023-10-16') return false
  return CHECKPOINTS.has(code)
}

const isOneOf = (value: unknown, words: string): boolean => typeof value === 'string' && words.split(' ').includes(value)
const isAbsentOr = (value: unknown, test: (value: unknown) => boolean): boolean =>
  value === undefined || value === null || test(value)
const isDate = (value: unknown): boolean => typeof value === 'string' && parseDay(value) !== null
const isAlpha3 = (value: unknown): boolean => typeof value === 'string' && /^(?!X[XOPBIC]|UNO|RKS)[A-Z]{3}$/.test(value)
const isMachineReadable = (value: string): boolean => value === 'D' || /^[A-Z]{3}$/.test(value)
const isProvince = (value: unknown): boolean => typeof value === 'string' && /^KH-([1-9]|1\d|2[0-5])$/.test(value)
const isText = (value: unknown): boolean => typeof value === 'string' && value.length >= 1 && value.length <= 64
