// Columns of one batch as typed arrays in DuckDB's own layout, so that a chunk is filled by copying bytes and a batch
// can be transferred between threads. Rows are only appended; nothing is read back value by value.

export type ColumnKind =
  'text' | 'ubigint' | 'uinteger' | 'integer' | 'smallint' | 'tinyint' | 'utinyint' | 'date' | 'timestamptz' |
  'uuid' | 'enum'

/** A column of fixed width. 64-bit values take two 32-bit words (low first), UUIDs sixteen bytes. */
export interface FixedColumn {
  kind: Exclude<ColumnKind, 'text'>
  data: Uint8Array | Int8Array | Int16Array | Int32Array | Uint32Array
  /** One bit a row, set if the row is not null; absent where the column has no nulls. */
  validity: Uint8Array | null
}

/** Texts as UTF-8, one behind the other in the order of their rows: they cross threads without being copied. */
export interface PackedTextColumn {
  kind: 'text'
  /** The bytes of all texts; room is left behind them. */
  data: Uint8Array
  /** Bytes of `data` in use. */
  used: number
  /** Where each row's text begins and ends in `data`. */
  starts: Uint32Array
  ends: Uint32Array
  /** One bit a row, set once the row has a text: a row without one is null. */
  validity: Uint8Array
}

export type ColumnBuffer = FixedColumn | PackedTextColumn

const WORD_RANGE = 2 ** 32
/** Room made for each row of a text column at first; it grows. */
const TEXT_BYTES_EXPECTED = 24

/** Bytes that one row of a fixed column takes in DuckDB. */
export const BYTES_PER_ROW: Readonly<Record<FixedColumn['kind'], number>> = {
  ubigint: 8, timestamptz: 8, uuid: 16, uinteger: 4, integer: 4, date: 4, smallint: 2, tinyint: 1, utinyint: 1, enum: 1
}

/** An empty column for up to `capacity` rows. */
export function createColumn (kind: ColumnKind, nullable: boolean, capacity: number): ColumnBuffer {
  if (kind === 'text') {
    return {
      kind,
      data: new Uint8Array(capacity * TEXT_BYTES_EXPECTED),
      used: 0,
      starts: new Uint32Array(capacity),
      ends: new Uint32Array(capacity),
      validity: new Uint8Array(Math.ceil(capacity / 64) * 8)
    }
  }
  // Rows are copied in chunks of 2,048, so the bitmap is read in whole bytes: all rows start as valid.
  const validity = nullable ? new Uint8Array(Math.ceil(capacity / 64) * 8).fill(0xff) : null
  return { kind, data: columnData(kind, capacity), validity }
}

/** Marks a row of a nullable fixed column as null. */
export function setNull (column: ColumnBuffer, row: number): void {
  const { validity } = column
  if (validity === null) throw new Error(`column of kind ${column.kind} has no nulls`)
  validity[row >> 3] = (validity[row >> 3] ?? 0xff) & ~(1 << (row & 7))
}

/**
 * Appends the text of a row; null leaves it null. Rows are appended in their order. A NUL, which a text of DuckDB
 * cannot show, becomes U+FFFD.
 */
export function setText (column: PackedTextColumn, row: number, text: string | null | undefined): void {
  if (text == null) return
  const bytes = Buffer.from(text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text)
  const { used, validity } = column
  if (used + bytes.length > column.data.length) makeRoom(column, bytes.length)
  column.data.set(bytes, used)
  column.starts[row] = used
  column.ends[row] = column.used = used + bytes.length
  validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
}

/** The text of a row that has one. */
export function textAt ({ data, starts, ends }: PackedTextColumn, row: number): string {
  return Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8', starts[row], ends[row])
}

function makeRoom (column: PackedTextColumn, bytes: number): void {
  const larger = new Uint8Array((column.data.length + bytes) * 2)
  larger.set(column.data.subarray(0, column.used))
  column.data = larger
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

/** The values of `capacity` rows, in new memory or in some that is given. */
export function columnData (
  kind: FixedColumn['kind'], capacity: number, memory = new ArrayBuffer(capacity * BYTES_PER_ROW[kind]), at = 0
): FixedColumn['data'] {
  switch (kind) {
    case 'uuid': return new Uint8Array(memory, at, capacity * 16)
    case 'ubigint':
    case 'timestamptz': return new Uint32Array(memory, at, capacity * 2)
    case 'uinteger': return new Uint32Array(memory, at, capacity)
    case 'integer':
    case 'date': return new Int32Array(memory, at, capacity)
    case 'smallint': return new Int16Array(memory, at, capacity)
    case 'tinyint': return new Int8Array(memory, at, capacity)
    case 'utinyint':
    case 'enum': return new Uint8Array(memory, at, capacity)
  }
}
