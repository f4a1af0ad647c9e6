// Access: making a token, with the link that signs a person in, listing and revoking.
import * as z from 'zod'
import { type Role, ROLES } from '../../core/roles.ts'
import type { Settings } from '../../core/settings/index.ts'
import { createAccess, listAccess, revokeAccess } from '../../sinks/control/access.ts'
import { operation } from './operation.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** A link of a person ends by itself; the token of a system is made for good unless it is said otherwise. */
const PERSON_DAYS = 30

export interface CreatedAccess {
  id: string
  token: string
  role: Role
  expiresAtMs: number | null
  /** What a person opens to sign in; null for a producer, and where no address is known. */
  link: string | null
}

export const accessCreate = operation('access.create', z.strictObject({
  // A name of its own: what begins so stands for users of this machine in the audit log.
  name: z.string().min(1).max(64).regex(/^(?!local:|system$)/i, 'expected another name than of a user of this machine'),
  role: z.enum(ROLES),
  expiresAtMs: z.int().optional(),
  days: z.int().min(1).max(3660).optional()
}), async ({ control, clock, settings, live }, { name, role, expiresAtMs, days }) => {
  const lastsDays = days ?? (role === 'producer' ? null : PERSON_DAYS)
  const ends = expiresAtMs ?? (lastsDays === null ? null : clock.now() + lastsDays * DAY_MS)
  const { id, token } = await createAccess(control, { name, role, expiresAtMs: ends }, clock.now())
  const address = role === 'producer' ? null : addressOf(settings, live?.().address)
  const created: CreatedAccess = {
    id, token, role, expiresAtMs: ends, link: address === null ? null : `${address}/#token=${token}`
  }
  return { value: created }
})

export const accessList = operation('access.list', z.strictObject({}), async ({ control }) => ({
  value: await listAccess(control)
}))

export const accessRevoke = operation('access.revoke', z.strictObject({ id: z.string() }),
  async ({ control, clock, sessions }, { id }) => {
    const { name } = await revokeAccess(control, id, clock.now())
    await sessions.endOfAccess(id)
    return { value: { revoked: id, name } }
  })

/** Where people reach the service: as the settings say, as it listens, or as it will. Null where that is not known. */
function addressOf ({ http }: Settings, listening: unknown): string | null {
  if (http.publicUrl !== undefined) return http.publicUrl
  if (typeof listening === 'string') return listening
  if (!http.enabled || http.port === 0 || ['0.0.0.0', '::'].includes(http.host)) return null
  const host = http.host.includes(':') ? `[${http.host}]` : http.host
  return `${http.tlsCertFile === undefined ? 'http' : 'https'}://${host}:${http.port}`
}
