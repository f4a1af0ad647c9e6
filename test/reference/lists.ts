// Owns the facts of the code lists: countries, visa classes, provinces, checkpoints and the dated rules.
import { readFileSync } from 'node:fs'
import { day, type Day } from './dates.ts'

const iso3166 = new Set(`
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR
BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP
CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB
GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN
KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD
MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN
PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM
SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR
UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE`.trim().split(/\s+/))

const keptStates = new Set(('XKX XXA XXB XXC XXX UNO UNA UNK XOM XPO XBA XIM XCC XCE XCO XEC XES XDC XCT XMP EUE')
  .split(' '))

const mappedStates = new Map([
  ['D', 'DEU'], ['GBD', 'GBR'], ['GBN', 'GBR'], ['GBO', 'GBR'], ['GBP', 'GBR'], ['GBS', 'GBR'], ['ROM', 'ROU'],
  ['ZAR', 'COD'], ['TMP', 'TLS'], ['SCG', 'SRB'], ['YUG', 'SRB'], ['ANT', 'CUW'], ['RKS', 'XKX'], ['XXK', 'XKX']
])

/** The reporting code of an ICAO 9303 nationality or issuing state; undefined if there is none. */
export function reportingState (code: string): string | undefined {
  return mappedStates.get(code) ?? (iso3166.has(code) || keptStates.has(code) ? code : undefined)
}

/** ISO 3166-1 alpha-3 alone: residence, other country, returned from. */
export function isCountry (code: string): boolean {
  return iso3166.has(code)
}

export function isProvince (code: string): boolean {
  return /^KH-([1-9]|1[0-9]|2[0-5])$/.test(code)
}

const visaClasses = new Set('T E EB EG ER ES ET K A B C D G exempt border_pass'.split(' '))

export function isVisaClass (code: string): boolean {
  return visaClasses.has(code)
}

const refusalReasons = new Set(('no_document false_document no_visa false_visa purpose_not_justified no_means ' +
  'overstay_history watch_list public_order health minor_unaccompanied other').split(' '))

export function isRefusalReason (code: string): boolean {
  return refusalReasons.has(code)
}

const firstStayDays: Record<string, number> = { T: 30, E: 30, D: 7, border_pass: 7 }

const exemptStays: { states: string, days: number, from?: string, to?: string }[] = [
  { states: 'IDN LAO MYS SGP VNM', days: 30 },
  { states: 'PHL', days: 21 },
  { states: 'THA', days: 14, from: '2010-12-16' },
  { states: 'BRN MMR SYC', days: 14 },
  { states: 'CHN HKG MAC', days: 14, from: '2026-06-15', to: '2026-10-15' }
]

/** Days of stay that a visa class, or for `exempt` the nationality, gives on the day of arrival; undefined for none. */
export function stayDays (visaClass: string, nationality: string, date: Day): number | undefined {
  if (visaClass !== 'exempt') return firstStayDays[visaClass]
  return exemptStays.find(rule => rule.states.split(' ').includes(nationality) && inForce(rule, date))?.days
}

/** USD for one overstayed day. */
export function fineUsd (date: Day): number {
  return date < day('2016-08-01') ? 5 : 10
}

interface Checkpoint { code: string, mode: string, from?: string, to?: string }

const checkpointAliases = new Map<string, Checkpoint[]>()
const checkpointCodes = new Map<string, Checkpoint>()

for (const line of readFileSync(new URL('./checkpoints.csv', import.meta.url), 'utf8').trim().split('\n').slice(1)) {
  const [code = '', mode = '', from = '', to = '', name = '', ...others] = line.split(';')
  const checkpoint = { code, mode, from: from || undefined, to: to || undefined }
  checkpointCodes.set(code, checkpoint)
  for (const alias of new Set([code, name, name.replace(/\(.*\)/, ''), ...others].map(comparable))) {
    checkpointAliases.set(alias, [...checkpointAliases.get(alias) ?? [], checkpoint])
  }
}

/** The checkpoint of a code or alias on a date, or why there is none. */
export function checkpointOn (text: string, date: Day):
  { code: string, mode: string } | 'checkpoint_unknown' | 'checkpoint_closed' {
  const exact = checkpointCodes.get(text)
  const candidates = exact === undefined ? checkpointAliases.get(comparable(text)) ?? [] : [exact]
  if (candidates.length === 0) return 'checkpoint_unknown'
  return candidates.find(candidate => inForce(candidate, date)) ?? 'checkpoint_closed'
}

/** How aliases are compared: NFC, lower case, letters, marks and digits; the subscript ្ដ is read as ្ត. */
function comparable (text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{M}\p{Nd}]/gu, '')
    .replaceAll('\u17d2\u178a', '\u17d2\u178f')
}

function inForce (dated: { from?: string, to?: string }, date: Day): boolean {
  return (dated.from === undefined || date >= day(dated.from)) && (dated.to === undefined || date <= day(dated.to))
}
