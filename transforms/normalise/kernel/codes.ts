// What a kernel knows before its first message: the fields of the contracts, the code lists and closed sets, the keys.
import type { Dimension } from '../../../schemas/columns.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import {
  fieldNumber, knownFieldNumbers, OBJECT_FIELDS, SCANNED_FIELDS, VALUE_FIELDS
} from '../../../schemas/contracts/scanned-fields.ts'
import { ENUMS, messageValues, type EnumName } from '../../../schemas/enums.ts'
import { ageBandOrdinal, AGE_YEARS_MAX } from '../age.ts'
import type { NormaliseContext } from '../context.ts'
import { paddedKeys } from '../keyed-hash.ts'
import { reportedSex } from '../person.ts'
import { CHECK_IN_AHEAD_DAYS_MAX, FIRST_DAY, FUTURE_MS_MAX } from '../times.ts'
import { TRAVELLER_PREFIX } from '../traveller-key.ts'
import type { KernelInstance } from './wasm.ts'

const SETS = {
  directions: 'direction', decisions: 'decision', modes: 'travel_mode', accompaniments: 'accompaniment',
  purposes: 'purpose', returneeReasons: 'returnee_reason', returneeNeas: 'returnee_nea', documentTypes: 'document_type',
  channels: 'registration_channel', reporters: 'registration_reporter', accommodationTypes: 'accommodation_type'
} as const satisfies Record<string, EnumName>

/** What a sex may be written as. */
const SEXES = ['F', 'M', 'X', '<']

/** Fills a new kernel. */
export function fillKernel (kernel: KernelInstance, context: NormaliseContext): void {
  fillFields(kernel)
  for (const [table, name] of Object.entries(SETS)) {
    fillTable(kernel, table, messageValues(name).map(value => [value, ordinalIn(name, value)]))
  }
  fillTable(kernel, 'contracts', CONTRACTS.map((name, contract) => [name, contract]))
  fillTable(kernel, 'sexes', SEXES.map(value => [value, ordinalIn('sex', reportedSex(value))]))
  ENUMS.sex.forEach((sex, ordinal) => kernel.functions.setReportedSex(ordinal, kernel.putText(sex)))
  fillLists(kernel, context)
  fillRules(kernel, context)
  fillKeys(kernel, context)
}

/** `visa.permitted_until` → `VisaPermittedUntil`. */
export function titled (path: string): string {
  return path.split(/[._]/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** The place and length of a text that is to stay in the kernel's memory. */
function keepText (kernel: KernelInstance, text: Uint8Array | string): { place: number, length: number } {
  const bytes = Buffer.from(text)
  const place = kernel.functions.reserve(bytes.length)
  new Uint8Array(kernel.memory()).set(bytes, place)
  return { place, length: bytes.length }
}

function fillFields (kernel: KernelInstance): void {
  const numbers = new Map(SCANNED_FIELDS.map(path => [`field${titled(path)}`, fieldNumber(path)]))
  for (const name of kernel.names.filter(name => name.startsWith('field'))) {
    const number = numbers.get(name)
    if (number === undefined) throw new Error(`no contract has the field of the kernel's ${name}`)
    kernel.set(name, number)
  }
  kernel.set('valueFields', VALUE_FIELDS.length)
  for (const [field, path] of SCANNED_FIELDS.entries()) {
    const isInner = field < VALUE_FIELDS.length && path.includes('.')
    const level = isInner ? OBJECT_FIELDS.indexOf(path.slice(0, path.indexOf('.'))) + 1 : 0
    const length = kernel.putText(path.slice(path.indexOf('.') + 1))
    kernel.functions.addKey(level, field, kernel.get('hostText'), length)
  }
  for (const contract of CONTRACTS.keys()) {
    for (const field of knownFieldNumbers(contract)) kernel.functions.addKnownField(contract, field)
  }
  kernel.set('contractCrossing', CONTRACTS.indexOf('gdi.crossing.v1'))
  kernel.set('contractRegistration', CONTRACTS.indexOf('fpcs.registration.v1'))
}

function fillLists (kernel: KernelInstance, { lists, codeNumbers }: NormaliseContext): void {
  const fill = (table: string, dimension: Dimension, isAccepted: (code: string) => boolean): void =>
    fillTable(kernel, table, [...codeNumbers[dimension]].filter(([code]) => isAccepted(code)))
  fill('refusalReasons', 'refusal_reason', code => lists.isRefusalReason(code))
  fill('visaClasses', 'visa_class', code => lists.isVisaClass(code))
  fill('provinces', 'province', code => lists.isProvince(code))
}

function fillRules (kernel: KernelInstance, { codeNumbers }: NormaliseContext): void {
  kernel.set('refusedDecision', ordinalIn('decision', 'refused'))
  kernel.set('borderPassType', ordinalIn('document_type', 'border_pass'))
  kernel.set('borderPassClass', codeNumbers.visa_class.get('border_pass') ?? -1)
  for (const [name, text] of [['unknown', 'unknown'], ['borderPass', 'border_pass']] as const) {
    const { place, length } = keepText(kernel, text)
    kernel.set(`${name}Text`, place)
    kernel.set(`${name}Length`, length)
  }
  kernel.set('futureMsMax', FUTURE_MS_MAX)
  kernel.set('firstDay', FIRST_DAY)
  kernel.set('checkInAheadDaysMax', CHECK_IN_AHEAD_DAYS_MAX)
  for (let years = 0; years <= AGE_YEARS_MAX; years++) kernel.functions.setAgeBand(years, ageBandOrdinal(years))
}

function fillKeys (kernel: KernelInstance, { keys }: NormaliseContext): void {
  const at = kernel.get('hostText')
  kernel.functions.setContentKey(at, kernel.putText(keys.content))
  const { inner, outer } = paddedKeys(keys.traveller)
  const outerAt = kernel.putText(inner)
  const prefixAt = outerAt + kernel.putText(outer, outerAt)
  const length = kernel.putText(TRAVELLER_PREFIX, prefixAt)
  kernel.functions.setTravellerKey(at, at + outerAt, at + prefixAt, length)
}

function fillTable (kernel: KernelInstance, name: string, codes: readonly (readonly [string, number])[]): void {
  const textBytes = codes.reduce((sum, [code]) => sum + Buffer.byteLength(code), 0)
  const table = kernel.functions.createTable(codes.length, textBytes)
  kernel.set(name, table)
  for (const [code, value] of codes) {
    const length = kernel.putText(code)
    if (kernel.functions.addCode(table, kernel.get('hostText'), length, 0, value) === 0) throw new Error(`the kernel's ${name} are full`)
  }
}

function ordinalIn (name: EnumName, value: string): number {
  return (ENUMS[name] as readonly string[]).indexOf(value)
}
