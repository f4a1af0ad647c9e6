// Access tokens: 256 random bits, shown once and stored as SHA-256 (a random token needs no slow hash).
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { readRows } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { appendRows, instant, text, uuid } from '../../core/row-appender.ts'
import { type Control } from './control.ts'

export const ROLES = ['producer'] as const
export type Role = (typeof ROLES)[number]

export interface Access {
  id: string
  name: string
  role: Role
  createdAtMs: number
  expiresAtMs: number | null
  revokedAtMs: number | null
}

const TOKEN_BYTES = 32
const PREFIX = 'bf_'

/** Makes a token. It cannot be shown again. */
export async function createAccess (
  control: Control, { name, role, expiresAtMs }: { name: string, role: Role, expiresAtMs: number | null }, nowMs: number
): Promise<{ id: string, token: string }> {
  const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
  const id = randomUUID()
  await control.exclusive(async connection => {
    await appendRows(connection, 'access', [[
      uuid(id), text(name), text(role), text(digest(token)), instant(nowMs), instant(expiresAtMs), instant(null)
    ]])
  })
  return { id, token }
}

/** All tokens without their digests, oldest first. */
export async function listAccess (control: Control): Promise<Access[]> {
  return (await readAccess(control)).map(({ digest: _digest, ...access }) => access)
}

/** Revokes a token. Throws NOT_FOUND. */
export async function revokeAccess (control: Control, id: string, nowMs: number): Promise<void> {
  const changed = await control.exclusive(async connection => await connection.run(
    'update main.access set revoked_at = make_timestamptz($now::bigint * 1000) where access_id::varchar = $id and revoked_at is null',
    { id, now: BigInt(nowMs) }))
  if (changed.rowsChanged !== 1) {
    throw new BorderflowError('NOT_FOUND', {
      expected: 'the id of a token in force', found: id, remedy: 'See `borderflow access list`.'
    })
  }
}

/** The holder of a token of a role that is in force at this time, or null. */
export async function authenticate (
  control: Control, token: string, role: Role, nowMs: number
): Promise<{ name: string } | null> {
  const given = Buffer.from(digest(token), 'hex')
  for (const access of await readAccess(control)) {
    const matches = timingSafeEqual(given, Buffer.from(access.digest, 'hex'))
    const inForce = access.revokedAtMs === null && (access.expiresAtMs === null || access.expiresAtMs > nowMs)
    if (matches) return inForce && access.role === role ? { name: access.name } : null
  }
  return null
}

async function readAccess (control: Control): Promise<(Access & { digest: string })[]> {
  const rows = await control.exclusive(async connection => await readRows<{
    id: string, name: string, role: Role, digest: string
    created: bigint, expires: bigint | null, revoked: bigint | null
  }>(connection, 'select access_id::varchar as id, name, role, token_sha256 as digest, epoch_ms(created_at) as created, ' +
    'epoch_ms(expires_at) as expires, epoch_ms(revoked_at) as revoked from main.access order by created_at'))
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    role: row.role,
    digest: row.digest,
    createdAtMs: Number(row.created),
    expiresAtMs: row.expires === null ? null : Number(row.expires),
    revokedAtMs: row.revoked === null ? null : Number(row.revoked)
  }))
}

function digest (token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
