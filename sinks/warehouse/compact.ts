// What is appended to with every group is folded into sums when it has grown. Delete and insert in a transaction,
// never a swap of tables (which fails the loader's commit), some dates at a time; what was folded is compared before
// it counts.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'
import { formatDay } from '../../core/civil-date.ts'
import { assert } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import { loadSql } from '../../core/sql.ts'

const FOLDER = 'sinks/warehouse'
const foldedAccounting = loadSql(`${FOLDER}/folded-accounting.sql`)

/** The tables of changes that grow with history, and their statements. */
export const DELTA_TABLES = ['flow_deltas', 'hourly_flow_deltas'] as const
export type DeltaTable = (typeof DELTA_TABLES)[number]

const SQL: Readonly<Record<DeltaTable, { foldable: string, folded: string }>> = {
  flow_deltas: {
    foldable: loadSql(`${FOLDER}/foldable-flow-deltas.sql`),
    folded: loadSql(`${FOLDER}/folded-flow-deltas.sql`)
  },
  hourly_flow_deltas: {
    foldable: loadSql(`${FOLDER}/foldable-hourly-flow-deltas.sql`),
    folded: loadSql(`${FOLDER}/folded-hourly-flow-deltas.sql`)
  }
}

/** Dates, in days since 1970-01-01, that are folded in one transaction. */
export type DatePart = readonly number[]

/** Replaces the changes of the accounting by their sums: what it counts is few things, so all of it costs little. */
export async function compactAccounting (connection: DuckDBConnection): Promise<{ before: number, after: number }> {
  return await transaction(connection, async () => {
    await connection.run(`create or replace temp table folded_accounting as ${foldedAccounting}`)
    const { rowsChanged: before } = await connection.run('delete from main.accounting')
    const { rowsChanged: after } = await connection.run('insert into main.accounting from temp.folded_accounting')
    failpoint('accounting-folded')
    await connection.run('drop table temp.folded_accounting')
    return { before, after }
  })
}

/** The dates of a table that would get smaller, in parts of about as many rows; a date is never divided. Only reads. */
export async function foldableDates (
  connection: DuckDBConnection, table: DeltaTable, partRowsMax: number
): Promise<DatePart[]> {
  const dates = await readRows<{ day: number, rows: bigint }>(connection, SQL[table].foldable)
  const parts: number[][] = []
  let rowsInPart = Infinity
  for (const { day, rows } of dates) {
    if (rowsInPart + Number(rows) > partRowsMax) {
      parts.push([])
      rowsInPart = 0
    }
    parts.at(-1)?.push(day)
    rowsInPart += Number(rows)
  }
  return parts
}

/**
 * Replaces the changes of some dates by their sums, on the loader's own connection and between its groups.
 * @returns the rows of these dates before and after
 */
export async function foldDates (
  connection: DuckDBConnection, table: DeltaTable, dates: DatePart
): Promise<{ before: number, after: number }> {
  return await transaction(connection, async () => {
    await connection.run('create or replace temp table folded_dates (business_date date)')
    await connection.run(`insert into temp.folded_dates values ${dates.map(day => `(date '${formatDay(day)}')`).join(', ')}`)
    await connection.run(`create or replace temp table folded_deltas as ${SQL[table].folded}`)
    const { rowsChanged: before } = await connection.run(
      `delete from main.${table} where business_date in (from temp.folded_dates)`)
    const { rowsChanged: after } = await connection.run(`insert into main.${table} from temp.folded_deltas`)
    failpoint('deltas-folded')
    // The sums are read back: what is in the table now must be what came out of the rows of before.
    const [row] = await readRows<{ differences: bigint }>(connection, 'select count(*) as differences from ' +
      `((${SQL[table].folded}) except all (from temp.folded_deltas) union all ` +
      `(from temp.folded_deltas) except all (${SQL[table].folded}))`)
    assert(row?.differences === 0n, `${table} is the same after it was compacted`)
    await connection.run('drop table temp.folded_deltas')
    await connection.run('drop table temp.folded_dates')
    return { before, after }
  })
}
