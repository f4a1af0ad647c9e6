// How far the audit log was written, apart from the log: so that entries missing at its end are known.
import { readRows } from '../../core/database.ts'
import type { AuditHeads } from '../audit/audit.ts'
import type { Control } from './control.ts'

/** The head of the audit log in a control file. */
export function auditHeads (control: Control): AuditHeads {
  return {
    read: async () => await control.exclusive(async connection => {
      const [row] = await readRows<{ entries: bigint, hash: string }>(connection,
        'select entries, last_sha256 as hash from main.audit_head')
      return row === undefined ? null : { entries: Number(row.entries), hash: row.hash }
    }),
    write: async ({ entries, hash }) => {
      await control.exclusive(async connection => {
        const values = { entries: BigInt(entries), hash }
        const changed = await connection.run('update main.audit_head set entries = $entries, last_sha256 = $hash', values)
        if (changed.rowsChanged === 0) await connection.run('insert into main.audit_head values ($entries, $hash)', values)
      })
    }
  }
}
