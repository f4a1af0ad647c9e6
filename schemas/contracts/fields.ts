// The building blocks of the contracts. Each carries its JSON Schema beside its check, so both say the same.
import * as z from 'zod'
import { parseDay } from '../../core/civil-date.ts'
import { parseInstant } from '../../core/instant.ts'
import { messageValues, type EnumName } from '../enums.ts'

/** Free text of 1 to `max` Unicode code points. */
export function text (max: number) {
  return z.string().min(1)
    .refine(value => value.length <= max || (value.length <= 2 * max && Array.from(value).length <= max))
    .meta({ maxLength: max })
}

/** A code of a code list. Whether it is in the list is judged later (`code_unknown`); here it is text. */
export const code = text(64)

/** A value of a closed set. */
export function oneOf (name: EnumName) {
  return z.enum(messageValues(name))
}

/** An RFC 3339 date-time with an offset. */
export const instant = z.string().refine(value => parseInstant(value) !== null).meta({ format: 'date-time' })

/** A real calendar date, YYYY-MM-DD. */
export const date = z.string().refine(value => parseDay(value) !== null).meta({ format: 'date' })

/** YYYY-MM-DD, YYYY-MM or YYYY. */
export const partialDate = z.string().refine(isPartialDate)
  .meta({ pattern: '^\\d{4}(-\\d{2}(-\\d{2})?)?$' })

/** The identifier of a record: unique per contract. */
export const identifier = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/)

/** The revision of a record: 1 to 2,147,483,647. */
export const revision = z.int().min(1).max(2_147_483_647)

export const document = z.object({
  type: oneOf('document_type'),
  issuing_state: code,
  number: text(64)
})

export const traveller = z.object({
  nationality: code,
  sex: z.enum(['F', 'M', 'X', '<']),
  date_of_birth: partialDate.nullish(),
  country_of_residence: code.nullish()
})

function isPartialDate (value: string): boolean {
  if (value.length === 10) return parseDay(value) !== null
  if (value.length === 7) return parseDay(`${value}-01`) !== null
  return value.length === 4 && parseDay(`${value}-01-01`) !== null
}
