// What the last verifications found, whoever asked for them: kept outside the warehouse, so that a restore does not
// undo it.
import { readRows, transaction } from '../../core/database.ts'
import { appendRows, bigint, instant, text } from '../../core/row-appender.ts'
import type { Control } from './control.ts'

export interface Integrity {
  /** `unknown` before the first verification. */
  state: 'unknown' | 'ok' | 'differences'
  checkedMs: number | null
  /** Checks that found differences, with how many rows. */
  differences: { check: string, rows: number }[]
}

/** Verifications that are kept. */
const KEPT = 400

/** Records what every check of a verification found. */
export async function recordIntegrity (
  control: Control, checks: readonly { check: string, differences: number }[], nowMs: number
): Promise<void> {
  await control.exclusive(async connection => {
    await transaction(connection, async () => {
      const [row] = await readRows<{ last: bigint }>(connection,
        'select coalesce(max(verification), 0) as last from main.integrity_checks')
      const number = Number(row?.last ?? 0) + 1
      await appendRows(connection, 'integrity_checks', checks.map(({ check, differences }) =>
        [bigint(number), instant(nowMs), text(check), bigint(differences)]))
      await connection.run(`delete from main.integrity_checks where verification <= ${number - KEPT}`)
    })
  })
}

/** The state as of the last verification. */
export async function readIntegrity (control: Control): Promise<Integrity> {
  const rows = await control.exclusive(async connection => await readRows<{
    check_name: string, differences: bigint, checked_ms: bigint
  }>(connection, 'select check_name, differences, epoch_ms(checked_at) as checked_ms from main.integrity_checks ' +
    'where verification = (select max(verification) from main.integrity_checks) order by check_name'))
  const differences = rows.filter(row => row.differences > 0n)
    .map(row => ({ check: row.check_name, rows: Number(row.differences) }))
  return {
    state: rows.length === 0 ? 'unknown' : differences.length === 0 ? 'ok' : 'differences',
    checkedMs: rows[0] === undefined ? null : Number(rows[0].checked_ms),
    differences
  }
}
