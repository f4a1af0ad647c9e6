// Rows chosen out of columns are the rows that were chosen, of every kind of column.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BYTES_PER_ROW, createColumn, setNull, setText, textAt, type ColumnBuffer, type ColumnKind, type FixedColumn
} from '../../core/column-buffer.ts'
import { createRowSelector } from '../../core/column-rows.ts'

const KINDS: ColumnKind[] = ['text', ...Object.keys(BYTES_PER_ROW) as FixedColumn['kind'][]]
const CAPACITY = 300

/** A column in which every third row is null and the others hold what no other row holds. */
function filled (kind: ColumnKind): ColumnBuffer {
  const column = createColumn(kind, true, CAPACITY)
  for (let row = 0; row < CAPACITY; row++) {
    if (column.kind === 'text') setText(column, row, row % 3 === 0 ? null : `a text of more than twelve bytes, ${row}`)
    else if (row % 3 === 0) setNull(column, row)
    else new DataView(column.data.buffer).setInt8(row * BYTES_PER_ROW[column.kind], row % 2 === 0 ? -row : row)
  }
  return column
}

function show (column: ColumnBuffer, row: number): string | null {
  if (column.validity !== null && ((column.validity[row >> 3] as number) & (1 << (row & 7))) === 0) return null
  if (column.kind === 'text') return textAt(column, row)
  const bytes = BYTES_PER_ROW[column.kind]
  return Buffer.from(column.data.buffer, column.data.byteOffset + row * bytes, bytes).toString('hex')
}

describe('chosen rows', () => {
  it.each(KINDS)('are the ones that were chosen, of %s', kind => {
    const column = filled(kind)
    const selector = createRowSelector(320)
    fc.assert(fc.property(fc.uniqueArray(fc.nat(CAPACITY - 1)), chosen => {
      const [selected] = selector.select([column], Uint32Array.from(chosen)) as [ColumnBuffer]
      expect(chosen.map((_, i) => show(selected, i))).toEqual(chosen.map(row => show(column, row)))
    }), { numRuns: 20 })
  })

  it('have no nulls where the column has none', () => {
    expect(createRowSelector(64).select([createColumn('integer', false, 8)], Uint32Array.of(1, 3))[0]).toMatchObject({ validity: null })
  })
})
