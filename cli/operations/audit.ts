// The audit log: reading it, and checking that it is as it was written.
import * as z from 'zod'
import { listAudit } from '../../sinks/audit/lines.ts'
import { verifyAudit } from '../../sinks/audit/verify.ts'
import { operation } from './operation.ts'

export const auditList = operation('audit.list', z.strictObject({
  person: z.string().optional(),
  action: z.string().optional(),
  since: z.string().optional(),
  limit: z.int().min(1).max(100_000)
}), async ({ audit }, filter) => ({ value: await listAudit(audit.file, audit.state().bytes, filter) }))

export const auditVerify = operation('audit.verify', z.strictObject({}), async ({ audit, auditHeads }) => {
  const stored = await auditHeads.read()
  // After the stored head: what is appended meanwhile is beyond both.
  const { bytes, ...written } = audit.state()
  return { value: await verifyAudit(audit.file, bytes, [written, ...stored === null ? [] : [stored]]) }
})
