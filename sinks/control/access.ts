// Access tokens: 256 random bits, shown once and stored as SHA-256 (a random token needs no slow hash). They are held
// in memory beside the file, for every request is looked up.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readRows } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import type { Role } from '../../core/roles.ts'
import { appendRows, instant, text, uuid } from '../../core/row-appender.ts'
import type { Control } from './control.ts'

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

/** Tokens by digest, as the file has them; read again after a change. */
const held = new WeakMap<Control, Promise<Map<string, Access>>>()

/** Makes a token. It cannot be shown again. */
export async function createAccess (
  control: Control, { name, role, expiresAtMs }: { name: string, role: Role, expiresAtMs: number | null }, nowMs: number
): Promise<{ id: string, token: string }> {
  const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
  const id = randomUUID()
  await control.exclusive(async connection => {
    await appendRows(connection, 'access', [[
      uuid(id), text(name), text(role), text(digestOf(token)), instant(nowMs), instant(expiresAtMs), instant(null)
    ]])
  })
  held.delete(control)
  return { id, token }
}

/** All tokens without their digests, oldest first. */
export async function listAccess (control: Control): Promise<Access[]> {
  return [...(await accesses(control)).values()]
}

/** Revokes a token and tells whose it was. Throws NOT_FOUND. */
export async function revokeAccess (control: Control, id: string, nowMs: number): Promise<Access> {
  const changed = await control.exclusive(async connection => await connection.run(
    'update main.access set revoked_at = make_timestamptz($now::bigint * 1000) where access_id::varchar = $id and revoked_at is null',
    { id, now: BigInt(nowMs) }))
  held.delete(control)
  const revoked = changed.rowsChanged === 1 ? (await listAccess(control)).find(access => access.id === id) : undefined
  if (revoked !== undefined) return revoked
  throw new BorderflowError('NOT_FOUND', {
    expected: 'the id of a token in force', found: id, remedy: 'See `borderflow access list`.'
  })
}

/** Whose token this is, if it is in force at this time; else null. */
export async function holderOf (control: Control, token: string, nowMs: number): Promise<Access | null> {
  const access = (await accesses(control)).get(digestOf(token))
  return access !== undefined && isInForce(access, nowMs) ? access : null
}

/** The holder of a token of a role that is in force at this time, or null. */
export async function authenticate (
  control: Control, token: string, role: Role, nowMs: number
): Promise<{ name: string } | null> {
  const access = await holderOf(control, token, nowMs)
  return access?.role === role ? { name: access.name } : null
}

/** True while a token is neither revoked nor expired. */
export function isInForce ({ revokedAtMs, expiresAtMs }: Access, nowMs: number): boolean {
  return revokedAtMs === null && (expiresAtMs === null || expiresAtMs > nowMs)
}

/** The digest under which a secret of 256 random bits is stored, in hex. */
export function digestOf (secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

async function accesses (control: Control): Promise<Map<string, Access>> {
  const known = held.get(control)
  if (known !== undefined) return await known
  const reading = readAccess(control)
  held.set(control, reading)
  reading.catch(() => { held.delete(control) })
  return await reading
}

async function readAccess (control: Control): Promise<Map<string, Access>> {
  const rows = await control.exclusive(async connection => await readRows<{
    id: string, name: string, role: Role, digest: string
    created: bigint, expires: bigint | null, revoked: bigint | null
  }>(connection, 'select access_id::varchar as id, name, role, token_sha256 as digest, epoch_ms(created_at) as created, ' +
    'epoch_ms(expires_at) as expires, epoch_ms(revoked_at) as revoked from main.access order by created_at'))
  return new Map(rows.map(row => [row.digest, {
    id: row.id,
    name: row.name,
    role: row.role,
    createdAtMs: Number(row.created),
    expiresAtMs: row.expires === null ? null : Number(row.expires),
    revokedAtMs: row.revoked === null ? null : Number(row.revoked)
  }]))
}
