// Runs every check on one connection and says which rows differ.
import { readdirSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { packageFile } from '../../core/package-root.ts'
import { loadSql } from '../../core/sql.ts'

const FOLDER = 'sinks/verify'
/** Rows shown of a check that fails; all are counted. */
const ROWS_SHOWN = 20
/** Columns that are never shown: an id may tell of a person to whoever holds the message. */
const HIDDEN = new Set(['record_id'])

export interface CheckResult {
  check: string
  /** Rows that differ. */
  differences: number
  rows: Record<string, unknown>[]
}

const checks = readdirSync(packageFile(FOLDER)).filter(name => name.endsWith('.sql')).sort()
  .map(name => ({ check: name.slice(0, -'.sql'.length), sql: loadSql(`${FOLDER}/${name}`) }))

/** Runs all checks within one snapshot. */
export async function verify (
  connection: DuckDBConnection, onCheck: (check: string) => void = () => {}
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  await connection.run('begin transaction')
  try {
    await connection.run('reset variable as_of')
    for (const { check, sql } of checks) {
      onCheck(check)
      const reader = await connection.runAndReadAll(sql)
      results.push({
        check,
        differences: reader.currentRowCount,
        rows: reader.getRowObjectsJson().slice(0, ROWS_SHOWN).map(row =>
          Object.fromEntries(Object.entries(row).filter(([name]) => !HIDDEN.has(name))))
      })
    }
  } finally {
    await connection.run('rollback')
  }
  return results
}
