// A scanned message becomes a row of a decoded batch, or is refused and goes the ordinary way.
import { setIdHashOfBytes } from '../../../core/id-hash.ts'
import { setInstant, setTextBytes } from '../../../core/column-buffer.ts'
import { CONTRACTS, contracts } from '../../../schemas/contracts/index.ts'
import { fieldNumber, INTEGER, TEXT, type ScannedFields } from '../../../schemas/contracts/scanned-fields.ts'
import { type NormaliseContext } from '../context.ts'
import { type RowsBuilder } from '../index.ts'
import { createCrossingWriter, type ScannedWriter } from './crossing.ts'
import { createFieldReader } from './field-reader.ts'
import { createPersonReader } from './person.ts'
import { createRegistrationWriter } from './registration.ts'

export interface ScannedRows {
  /**
   * Appends the message that was scanned last to the rows of its contract.
   * @param contract its ordinal; the message is known to have no field that the contract does not know
   * @param message ordinal of the message in its batch
   * @returns false, with nothing appended, if it is not plainly right: the ordinary way has the verdict
   */
  append (contract: number, bytes: Uint8Array, rows: () => RowsBuilder, receivedAtMs: number, message: number): boolean
}

const ACTION = fieldNumber('action')
const REVISION = fieldNumber('revision')
const RECORD = Buffer.from('record')
const ID_BYTES_MAX = 64
const REVISION_MAX = 2_147_483_647
/** 1 for a byte of an identifier. */
const ID_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => /[A-Za-z0-9._:-]/.test(String.fromCharCode(byte)) ? 1 : 0)
const ID_FIELDS = CONTRACTS.map(name => fieldNumber(contracts[name].idField))

/** Normalising for the messages of one scanner. */
export function createScannedRows (context: NormaliseContext, fields: ScannedFields): ScannedRows {
  const { kinds, starts, ends, integers } = fields
  const reader = createFieldReader(fields)
  const person = createPersonReader(context, fields, reader)
  // Tallies and extensions are few: they go the ordinary way.
  const writers: (ScannedWriter | undefined)[] = CONTRACTS.map(name => {
    if (name === 'gdi.crossing.v1') return createCrossingWriter(context, fields, reader, person)
    return name === 'fpcs.registration.v1' ? createRegistrationWriter(context, fields, reader, person) : undefined
  })

  function isRecord (bytes: Uint8Array): boolean {
    const start = starts[ACTION] as number
    if (kinds[ACTION] !== TEXT || (ends[ACTION] as number) - start !== RECORD.length) return false
    for (let i = 0; i < RECORD.length; i++) if (bytes[start + i] !== RECORD[i]) return false
    return true
  }

  function isIdentifier (field: number, bytes: Uint8Array): boolean {
    const start = starts[field] as number
    const end = ends[field] as number
    if (kinds[field] !== TEXT || end === start || end - start > ID_BYTES_MAX) return false
    for (let i = start; i < end; i++) if (ID_BYTE[bytes[i] as number] === 0) return false
    return true
  }

  function isRevision (): boolean {
    const revision = integers[REVISION] as number
    return kinds[REVISION] === INTEGER && revision >= 1 && revision <= REVISION_MAX
  }

  return {
    append (contract, bytes, rowsOf, receivedAtMs, message) {
      const writer = writers[contract]
      const idField = ID_FIELDS[contract] as number
      if (writer === undefined || !isRecord(bytes) || !isRevision() || !isIdentifier(idField, bytes)) return false
      reader.begin(bytes)
      if (!writer.judge(bytes, receivedAtMs)) return false
      const { rows, target } = rowsOf()
      const row = rows.count
      writer.write(bytes, target, row)
      const start = starts[idField] as number
      const end = ends[idField] as number
      setTextBytes(target.text.record_id!, row, bytes, start, end)
      setIdHashOfBytes(target.data.id_hash as Uint32Array, row, contract, bytes, start, end)
      target.data.revision![row] = integers[REVISION] as number
      setInstant(target.data.received_at as Uint32Array, row, receivedAtMs)
      rows.message[row] = message
      rows.isVoid[row] = 0
      rows.count = row + 1
      return true
    }
  }
}
