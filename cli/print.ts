// Printing: answers to standard output, everything else to standard error.
import Table from 'cli-table3'

/** Prints a value as one line of JSON. */
export function printJson (value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Prints a line. */
export function printLine (line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Prints rows under a heading; numbers to the right. */
export function printTable (head: string[], rows: readonly (readonly (string | number | null)[])[]): void {
  const numeric = head.map((_, column) => rows.length > 0 && rows.every(row => typeof row[column] === 'number'))
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: numeric.map(right => right ? 'right' : 'left') })
  for (const row of rows) table.push(row.map(cell => cell === null ? '' : String(cell)))
  printLine(table.toString())
}

/** Milliseconds since 1970 as an ISO instant to the second. */
export function instantText (ms: number | null): string {
  return ms === null ? '' : new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
