// The accounting is appended to with every group, and folded into sums when it has grown: what it counts is few things,
// so a fold costs little however long the history is.
import { type DuckDBConnection } from '@duckdb/node-api'
import { transaction } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'

const foldedAccounting = loadSql('sinks/warehouse/folded-accounting.sql')

/** Replaces the changes of the accounting by their sums. Delete and insert, never a swap of tables. */
export async function compactAccounting (connection: DuckDBConnection): Promise<void> {
  await transaction(connection, async () => {
    await connection.run(`create or replace temp table folded_accounting as ${foldedAccounting}`)
    await connection.run('delete from main.accounting')
    await connection.run('insert into main.accounting from temp.folded_accounting')
    await connection.run('drop table temp.folded_accounting')
  })
}
