// What a row of each code list must be: one zod schema per CSV file of schemas/lists; its keys are the file's columns.
import { z } from 'zod'
import { parseDay } from '../../core/civil-date.ts'

const filled = z.string().min(1, 'must not be empty').refine(text => text === text.trim(), 'has spaces at an end')
const optional = z.string().refine(text => text === text.trim(), 'has spaces at an end')

const optionalDay = z.string().transform((text, context) => {
  const day = text === '' ? null : parseDay(text)
  if (text !== '' && day === null) context.addIssue('must be empty or a date YYYY-MM-DD')
  return day
})

const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'must be 1–32 of A–Z a–z 0–9 . _ -')
const alpha3 = z.string().regex(/^[A-Z]{3}$/, 'must be three letters A–Z')
const optionalNumber = (from: number, to: number) => z.string().transform((text, context) => {
  if (text === '') return null
  const value = /^-?\d{1,3}(\.\d{1,8})?$/.test(text) ? Number(text) : NaN
  if (!(value >= from && value <= to)) context.addIssue(`must be empty or a number from ${from} to ${to}`)
  return value
})
const integer = (from: number, to: number) => z.string().transform((text, context) => {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN
  if (!(value >= from && value <= to)) context.addIssue(`must be a whole number from ${from} to ${to}`)
  return value
})

const day = z.string().transform((text, context) => {
  const value = parseDay(text)
  if (value === null) context.addIssue('must be a date YYYY-MM-DD')
  return value ?? 0
})
const factor = z.string().transform((text, context) => {
  const value = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN
  if (!(value >= 1)) context.addIssue('must be a number of at least 1')
  return value
})

const names = { name_en: filled, name_km: optional }
const origin = { source: filled, status: z.enum(['verified', 'assumption']) }
const period = { valid_from: optionalDay, valid_to: optionalDay, ...origin }
const plainList = z.object({ code, ...names, ...period })

/** Columns and values of every list, by the name of its file without `.csv`. */
export const listSchemas = {
  checkpoints: z.object({
    code: z.string().regex(/^KHC-[A-Z0-9]{3}$/, 'must be KHC- and three of A–Z 0–9'),
    ...names,
    mode: z.enum(['air', 'land', 'sea', 'river']),
    province: code,
    neighbour: z.union([z.literal(''), alpha3]),
    opposite: optional,
    latitude: optionalNumber(-90, 90),
    longitude: optionalNumber(-180, 180),
    iata: z.string().regex(/^([A-Z]{3})?$/, 'must be empty or three letters'),
    icao: z.string().regex(/^([A-Z]{4})?$/, 'must be empty or four letters'),
    unlocode: z.string().regex(/^(KH[A-Z2-9]{3})?$/, 'must be empty or KH and three of A–Z 2–9'),
    class: z.enum(['international', 'bilateral', 'domestic', 'planned']),
    ...period,
    assumed: optional,
    note: optional
  }),
  checkpoint_aliases: z.object({ code, alias: filled, ...origin }),
  provinces: plainList.extend({ code: z.string().regex(/^KH-[1-9]\d?$/, 'must be KH- and a number without leading zero') }),
  visa_classes: plainList,
  visa_first_stays: z.object({ code, days: integer(1, 9999), ...period }),
  exempt_stays: z.object({ code: alpha3, days: integer(1, 9999), ...period }),
  extension_lengths: z.object({ code, months: integer(1, 120), ...names, ...period }),
  overstay_fines: z.object({ code: z.literal('daily_fine'), usd_per_day: integer(0, 9999), ...period }),
  purposes: plainList,
  refusal_reasons: plainList,
  document_types: plainList,
  accommodation_types: plainList,
  travel_modes: plainList,
  sexes: plainList,
  regions: z.object({ code: z.string().regex(/^\d{3}$/, 'must be three digits'), ...names, parent: optional, ...period }),
  states: z.object({
    code: z.string().regex(/^[A-Z]{1,3}$/, 'must be one to three letters A–Z'),
    reporting_code: alpha3,
    kind: z.enum(['iso', 'icao', 'organisation', 'former']),
    ...names,
    asean: z.enum(['', 'yes']),
    m49_region: optional,
    m49_sub_region: optional,
    ...period
  }),
  coverage: z.object({ code: z.literal('gdi.crossing.v1'), ...period }),
  holidays: z.object({
    code,
    ...names,
    first_day: day,
    last_day: day,
    days_before: integer(0, 60),
    days_after: integer(0, 60),
    traffic_factor: factor,
    ...origin
  }),
  checkpoint_hours: z.object({ code, opens: optionalNumber(0, 23), closes: optionalNumber(1, 24), ...period })
} as const

/** Name of a list: its file's name without `.csv`. */
export type ListFileName = keyof typeof listSchemas

/** The lists whose entries have names in English and Khmer, for labels and dictionaries. */
export type ListName = 'checkpoints' | 'provinces' | 'visa_classes' | 'purposes' | 'refusal_reasons' |
  'document_types' | 'accommodation_types' | 'extension_lengths' | 'travel_modes' | 'sexes' | 'regions' | 'states'

export const listFileNames = Object.keys(listSchemas) as ListFileName[]

/** A row as the program sees it: the columns in camel case; dates as days since 1970-01-01, empty ones null. */
export type ListEntry<Name extends ListFileName> = CamelKeys<z.output<(typeof listSchemas)[Name]>>

type Camel<Text extends string> = Text extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Text
type CamelKeys<Row> = { [Key in keyof Row as Key extends string ? Camel<Key> : never]: Row[Key] }
