// Which facts the walks read: a slice of all travellers' or those of the travellers touched, as temporary views.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import { models } from '../../transforms/models/index.ts'

/** What the walks' selects read of each fact table besides the id, and what orders facts before the id does. */
const FACTS = {
  crossings: {
    time: 'occurred_at',
    columns: [
      'occurred_at', 'business_date', 'checkpoint', 'direction', 'decision', 'travel_mode', 'document_type',
      'nationality', 'sex', 'age_band', 'residence', 'visa_class', 'permitted_until', 'purpose', 'destination_province'
    ]
  },
  extensions: { time: 'granted_at', columns: ['granted_at', 'business_date', 'visa_class', 'permitted_until'] },
  registrations: {
    time: 'registered_at',
    columns: ['registered_at', 'business_date', 'check_in', 'province', 'accommodation_type']
  }
}
type FactTable = keyof typeof FACTS
const FACT_TABLES = Object.keys(FACTS) as FactTable[]

const [takeTouched, findTied, retakeTied] = ['take-touched', 'find-tied', 'retake-tied']
  .map(name => loadSql(`dags/derivation/${name}.sql`)) as [string, string, string]

/** Chooses the facts of one of several slices of all travellers. */
export async function chooseSlice (connection: DuckDBConnection, slice: number, slices: number): Promise<void> {
  const conditions = [
    ...(slice === 0 ? [] : [`traveller_key >= '${keyFrom(slice / slices)}'::uuid`]),
    ...(slice === slices - 1 ? [] : [`traveller_key < '${keyFrom((slice + 1) / slices)}'::uuid`])
  ]
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  for (const table of FACT_TABLES) {
    await connection.run(`create or replace temp view chosen_${table} as from published.current_${table}${where}`)
  }
}

/**
 * Chooses the facts of the travellers of `touched_travellers`. They are taken out of the history first: what retracts
 * them is looked for among them only, for a retraction is of the traveller of what it retracts.
 */
export async function chooseTouched (connection: DuckDBConnection): Promise<void> {
  for (const table of FACT_TABLES) {
    await connection.run(named(takeTouched, table))
    await connection.run(named(findTied, table))
    const [tied] = await readRows(connection, 'from temp.tied_travellers limit 1')
    if (tied !== undefined) {
      await connection.run(`delete from temp.touched_${table} where traveller_key in (from temp.tied_travellers)`)
      await connection.run(named(retakeTied, table))
    }
    const current = models.find(({ name }) => name === `current_${table}`)?.sql ?? ''
    await connection.run(`create or replace temp view chosen_${table} as ` +
      current.replaceAll(`main.${table}`, `temp.touched_${table}`))
  }
}

/** Lets go of what `chooseTouched` took out. */
export async function dropTouched (connection: DuckDBConnection): Promise<void> {
  for (const table of FACT_TABLES) {
    await connection.run(`drop view temp.chosen_${table}`)
    await connection.run(`drop table temp.touched_${table}`)
  }
}

function named (sql: string, table: FactTable): string {
  const { time, columns } = FACTS[table]
  return sql.replaceAll('fact_table', table).replaceAll('fact_time', time)
    .replaceAll('fact_columns', ['traveller_key', ...columns, 'id_hash', 'revision', 'weight'].join(', '))
}

/** The first key of a share of all keys, which are evenly spread. */
function keyFrom (share: number): string {
  return `${Math.floor(share * 0x1_0000_0000).toString(16).padStart(8, '0')}-0000-0000-0000-000000000000`
}
