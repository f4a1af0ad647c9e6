// Columns of one batch as typed arrays in DuckDB's own layout, so that a chunk is filled by copying bytes and a batch
// can be transferred between threads. Rows are only appended; nothing is read back value by value.

export type ColumnKind =
  'varchar' | 'ubigint' | 'uinteger' | 'integer' | 'smallint' | 'tinyint' | 'utinyint' | 'date' | 'timestamptz' |
  'uuid' | 'enum'

/** A column of fixed width. 64-bit values take two 32-bit words (low first), UUIDs sixteen bytes. */
export interface FixedColumn {
  kind: Exclude<ColumnKind, 'varchar'>
  data: Uint8Array | Int8Array | Int16Array | Int32Array | Uint32Array
  /** One bit a row, set if the row is not null; absent where the column has no nulls. */
  validity: Uint8Array | null
}

export interface TextColumn { kind: 'varchar', data: (string | null)[], validity: null }

export type ColumnBuffer = FixedColumn | TextColumn

const WORD_RANGE = 2 ** 32

/** Bytes that one row of a fixed column takes in DuckDB. */
export const BYTES_PER_ROW: Readonly<Record<FixedColumn['kind'], number>> = {
  ubigint: 8, timestamptz: 8, uuid: 16, uinteger: 4, integer: 4, date: 4, smallint: 2, tinyint: 1, utinyint: 1, enum: 1
}

/** An empty column for up to `capacity` rows. */
export function createColumn (kind: ColumnKind, nullable: boolean, capacity: number): ColumnBuffer {
  if (kind === 'varchar') return { kind, data: new Array<string | null>(capacity).fill(null), validity: null }
  // Rows are copied in chunks of 2,048, so the bitmap is read in whole bytes: all rows start as valid.
  const validity = nullable ? new Uint8Array(Math.ceil(capacity / 64) * 8).fill(0xff) : null
  return { kind, data: createData(kind, capacity), validity }
}

/** Marks a row of a nullable fixed column as null. */
export function setNull (column: ColumnBuffer, row: number): void {
  const { validity } = column
  if (validity === null) throw new Error(`column of kind ${column.kind} has no nulls`)
  validity[row >> 3] = (validity[row >> 3] ?? 0xff) & ~(1 << (row & 7))
}

/** Writes an instant in milliseconds as DuckDB's microseconds since 1970. */
export function setInstant (words: Uint32Array, row: number, milliseconds: number): void {
  const microseconds = milliseconds * 1000
  if (!Number.isSafeInteger(microseconds)) {
    // Beyond 1684 to 2255 the product has no exact number: a time that a desk recorded may be anywhere.
    const exact = BigInt(milliseconds) * 1000n
    words[row * 2] = Number(BigInt.asUintN(32, exact))
    words[row * 2 + 1] = Number(BigInt.asUintN(32, exact >> 32n))
    return
  }
  const high = Math.floor(microseconds / WORD_RANGE)
  words[row * 2] = microseconds - high * WORD_RANGE
  words[row * 2 + 1] = high
}

/**
 * Writes 16 bytes, most significant first, as DuckDB stores a UUID: a 128-bit integer with its top bit flipped.
 * @param binary one character a byte, as node:crypto's `binary`
 */
export function setUuid (bytes: Uint8Array, row: number, binary: string): void {
  const start = row * 16
  for (let i = 0; i < 16; i++) bytes[start + 15 - i] = binary.charCodeAt(i)
  bytes[start + 15] = binary.charCodeAt(0) ^ 0x80
}

function createData (kind: FixedColumn['kind'], capacity: number): FixedColumn['data'] {
  switch (kind) {
    case 'uuid': return new Uint8Array(capacity * 16)
    case 'ubigint':
    case 'timestamptz': return new Uint32Array(capacity * 2)
    case 'uinteger': return new Uint32Array(capacity)
    case 'integer':
    case 'date': return new Int32Array(capacity)
    case 'smallint': return new Int16Array(capacity)
    case 'tinyint': return new Int8Array(capacity)
    case 'utinyint':
    case 'enum': return new Uint8Array(capacity)
  }
}
