// Access tokens of those who send events.
import * as z from 'zod'
import { createAccess, listAccess, revokeAccess, ROLES } from '../../sinks/control/access.ts'
import { operation } from './operation.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export const accessCreate = operation('access.create', z.strictObject({
  name: z.string().min(1).max(64), role: z.enum(ROLES), days: z.int().min(1).max(3660).optional()
}), async ({ control, clock }, { name, role, days }) => ({
  value: await createAccess(control, {
    name, role, expiresAtMs: days === undefined ? null : clock.now() + days * DAY_MS
  }, clock.now())
}))

export const accessList = operation('access.list', z.strictObject({}), async ({ control }) => ({
  value: await listAccess(control)
}))

export const accessRevoke = operation('access.revoke', z.strictObject({ id: z.string() }),
  async ({ control, clock }, { id }) => {
    await revokeAccess(control, id, clock.now())
    return { value: { revoked: id } }
  })
