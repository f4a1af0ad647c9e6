// What contracts share, from a scanned message: document and traveller, judged in one step and written in another.
import { setNull, setUuid } from '../../../core/column-buffer.ts'
import { fieldNumber, OBJECT, type ScannedFields } from '../../../schemas/contracts/scanned-fields.ts'
import { ageBandOrdinal } from '../age.ts'
import { type NormaliseContext, type RowTarget } from '../context.ts'
import { sexValues, stateCodes, valuesOf } from './code-tables.ts'
import { type ContentWriter } from './content-writer.ts'
import { createDocumentReader } from './document.ts'
import { BAD, NO_AGE, NONE, type FieldReader } from './field-reader.ts'

const DOCUMENT = fieldNumber('document')
const TYPE = fieldNumber('document.type')
const ISSUING_STATE = fieldNumber('document.issuing_state')
const NUMBER = fieldNumber('document.number')
const TRAVELLER = fieldNumber('traveller')
const NATIONALITY = fieldNumber('traveller.nationality')
const SEX = fieldNumber('traveller.sex')
const DATE_OF_BIRTH = fieldNumber('traveller.date_of_birth')
const RESIDENCE = fieldNumber('traveller.country_of_residence')

/** Longest free text of a contract. */
export const TEXT_MAX = 64

export type PersonReader = ReturnType<typeof createPersonReader>

/** Reads document and traveller of whatever message was scanned last. */
export function createPersonReader (context: NormaliseContext, fields: ScannedFields, reader: FieldReader) {
  const states = stateCodes(context)
  const types = valuesOf('document_type')
  const sexes = sexValues()
  const document = createDocumentReader(context.travellerKeyBuffer, fields)
  let type = 0
  let state = 0
  let nationality = 0
  let sex = 0
  let residence = NONE
  let age = NO_AGE

  return {
    states,
    /** The number of an optional country; 0 if it is not there, BAD if it is none. */
    country (field: number): number {
      const place = reader.codeOrNone(field, states)
      return place === NONE ? 0 : place < 0 ? BAD : states.countryNumber[place] as number
    },
    /** True if the document is right. */
    readDocument (bytes: Uint8Array): boolean {
      if (fields.kinds[DOCUMENT] !== OBJECT) return false
      type = reader.code(TYPE, types.table)
      state = reader.code(ISSUING_STATE, states)
      return type >= 0 && state >= 0 && reader.isText(NUMBER, TEXT_MAX) && document.normalise(bytes)
    },
    /** True if the traveller is right; ages are as on the day. */
    readTraveller (day: number): boolean {
      if (fields.kinds[TRAVELLER] !== OBJECT) return false
      nationality = reader.code(NATIONALITY, states)
      sex = reader.code(SEX, sexes.table)
      residence = this.country(RESIDENCE)
      if (nationality < 0 || sex < 0 || residence < 0) return false
      age = reader.age(DATE_OF_BIRTH, day)
      return age !== BAD
    },
    /** True if the document that was read is a border pass. */
    isBorderPass: () => types.ordinal[type] === BORDER_PASS,
    writeDocument ({ data }: RowTarget, row: number, bytes: Uint8Array): void {
      data.document_type![row] = types.ordinal[type] as number
      data.issuing_state![row] = states.reportedNumber[state] as number
      setUuid(data.traveller_key as Uint8Array, row, document.key(bytes, states.reported[state] as Uint8Array))
    },
    writeTraveller ({ data, column }: RowTarget, row: number): void {
      data.nationality![row] = states.reportedNumber[nationality] as number
      data.sex![row] = sexes.ordinal[sex] as number
      if (age === NO_AGE) setNull(column.age!, row)
      else data.age![row] = age
      data.age_band![row] = age === NO_AGE ? 0 : ageBandOrdinal(age)
      data.residence![row] = residence
    },
    /** Document, then traveller, as they stand in the content of every contract that has both. */
    writeContent (content: ContentWriter): void {
      this.writeDocumentContent(content)
      content.put(states.reported[nationality] as Uint8Array)
      content.put(sexes.reported[sex] as Uint8Array)
      content.field(DATE_OF_BIRTH)
      content.field(RESIDENCE)
    },
    writeDocumentContent (content: ContentWriter): void {
      content.field(TYPE)
      content.put(states.reported[state] as Uint8Array)
      content.put(document.number())
    }
  }
}

const BORDER_PASS = valuesOf('document_type').ordinal[valuesOf('document_type').table.find(Buffer.from('border_pass'), 0, 11)]
