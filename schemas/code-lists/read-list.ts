// Reads one code list from CSV: header and every row checked, every fault noted with file and line, none thrown.
import { type CsvError, parse } from 'csv-parse/sync'
import type { CodeList } from './list-files.ts'
import { type ListEntry, type ListFileName, listSchemas } from './list-schemas.ts'

interface CsvLine { record: string[], info: { lines: number } }

/** The right rows of a list; what is wrong is added to `faults` as `path:line: what`. Null is a text that is lost. */
export function readList<Name extends ListFileName> (
  name: Name, path: string, text: string | null, faults: string[]
): CodeList<Name> {
  const lines = text === null ? null : parseCsv(path, text, faults)
  const header = lines?.[0]
  const list: CodeList<Name> = { path, whole: true, rows: [] }
  if (lines === null || header === undefined || !headerFits(name, path, header, faults)) {
    return { ...list, whole: false }
  }
  for (const { record, info } of lines.slice(1)) {
    if (record.length !== header.record.length) {
      faults.push(`${path}:${info.lines}: ${record.length} fields where the header has ${header.record.length}`)
      list.whole = false
      continue
    }
    const cells = Object.fromEntries(header.record.map((column, index) => [column, record[index]]))
    const row = listSchemas[name].safeParse(cells)
    if (row.success) {
      list.rows.push({ line: info.lines, entry: camelKeys(row.data) as ListEntry<Name> })
      continue
    }
    list.whole = false
    for (const { path: column, message } of row.error.issues) {
      faults.push(`${path}:${info.lines}: ${column.join('.')}: ${message}`)
    }
  }
  return list
}

function parseCsv (path: string, text: string, faults: string[]): CsvLine[] | null {
  try {
    // `as unknown`: the package types `info: true` for records of columns only.
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const
    const lines = parse(text, options) as unknown as CsvLine[]
    if (lines.length > 0) return lines
    faults.push(`${path}:1: no header`)
  } catch (error) {
    const { lines, message } = error as CsvError & { lines?: number }
    faults.push(`${path}:${lines ?? 1}: not CSV: ${message}`)
  }
  return null
}

function headerFits (name: ListFileName, path: string, header: CsvLine, faults: string[]): boolean {
  const columns = Object.keys(listSchemas[name].shape)
  const missing = columns.filter(column => !header.record.includes(column))
  const foreign = header.record.filter((column, index) =>
    !columns.includes(column) || header.record.indexOf(column) !== index)
  if (missing.length > 0) faults.push(`${path}:1: no column ${missing.join(', ')}`)
  if (foreign.length > 0) faults.push(`${path}:1: unknown or repeated column ${foreign.join(', ')}`)
  return missing.length === 0 && foreign.length === 0
}

function camelKeys (row: object): object {
  return Object.fromEntries(Object.entries(row)
    .map(([key, value]) => [key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), value]))
}
