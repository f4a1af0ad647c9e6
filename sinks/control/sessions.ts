// Sessions of people who are signed in: held in memory, and in the control file so that a restart ends none. A session
// ends by signing out, when it was not used for a while, at its time, or with the access it was opened by.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { readRows } from '../../core/database.ts'
import { isRole, type Role } from '../../core/roles.ts'
import { appendRows, instant, text, uuid, type Cell } from '../../core/row-appender.ts'
import { digestOf, isInForce, listAccess } from './access.ts'
import type { Control } from './control.ts'

export interface Session {
  id: string
  /** The access it was opened by; null for OpenID Connect. */
  access: string | null
  person: string
  role: Role
  createdAtMs: number
  lastSeenAtMs: number
  expiresAtMs: number
}

/** Whose session is to be opened; it ends at the latest when their access does. */
export interface SessionHolder {
  access: string | null
  person: string
  role: Role
  expiresAtMs: number | null
}

export interface SessionLimits {
  /** A session that is not used for so long ends. */
  idleMs: number
  /** A session ends after so long in any case. */
  absoluteMs: number
}

export interface Sessions {
  /** Opens a session. Its secret is told once and stored as a digest. */
  open (holder: SessionHolder): Promise<{ secret: string, session: Session }>
  /** The session of a secret, which is thereby used; null if it has ended. */
  find (secret: string): Session | null
  end (id: string): Promise<void>
  /** Ends everything that rests on an access: sessions, and streams of its bearer. */
  endOfAccess (access: string): Promise<void>
  /** Calls back when the session, or a bearer's access, ends. While it is awaited it is in use. Returns the undo. */
  onEnd (of: { session: string | null, access: string | null }, callback: () => void): () => void
  /** Ends what has reached its time and stores when sessions were last used. To be called every few seconds. */
  sweep (): Promise<void>
}

const SECRET_BYTES = 32
/** When a session was last used is stored no more often than this. */
const STORE_EVERY_MS = 60_000

/** Opens the sessions of a control file. */
export async function openSessions (control: Control, limits: SessionLimits, clock: Clock): Promise<Sessions> {
  const byDigest = await readSessions(control)
  const ends = createEnds()
  let storedAtMs = clock.now()

  const isOver = (session: Session): boolean =>
    clock.now() >= Math.min(session.expiresAtMs, session.lastSeenAtMs + limits.idleMs)

  async function drop (which: (session: Session) => boolean): Promise<void> {
    const ending = [...byDigest].filter(([, session]) => which(session))
    // First in memory and to those who wait, in one turn: from now on nothing is let through.
    for (const [digest, { id }] of ending) {
      byDigest.delete(digest)
      ends.tell(id)
    }
    for (const [, { id }] of ending) await deleteSession(control, id)
  }

  async function endAccesses (): Promise<void> {
    const awaited = ends.keys()
    if (awaited.length === 0) return
    const inForce = (await listAccess(control)).filter(access => isInForce(access, clock.now()))
    const open = new Set(inForce.map(({ id }) => id))
    const sessions = new Set([...byDigest.values()].map(({ id }) => id))
    for (const id of awaited) {
      if (!open.has(id) && !sessions.has(id)) ends.tell(id)
    }
  }

  return {
    async open ({ access, person, role, expiresAtMs }) {
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const nowMs = clock.now()
      const session: Session = {
        id: randomUUID(),
        access,
        person,
        role,
        createdAtMs: nowMs,
        lastSeenAtMs: nowMs,
        expiresAtMs: Math.min(nowMs + limits.absoluteMs, expiresAtMs ?? Infinity)
      }
      const digest = digestOf(secret)
      await insertSession(control, digest, session)
      byDigest.set(digest, session)
      return { secret, session: { ...session } }
    },
    find (secret) {
      const session = byDigest.get(digestOf(secret))
      if (session === undefined || isOver(session)) return null
      session.lastSeenAtMs = clock.now()
      return { ...session }
    },
    async end (id) { await drop(session => session.id === id) },
    async endOfAccess (access) {
      await drop(session => session.access === access)
      ends.tell(access)
    },
    onEnd: ({ session, access }, callback) => ends.await(session ?? access ?? '', callback),
    async sweep () {
      for (const session of byDigest.values()) {
        if (ends.isAwaited(session.id) && !isOver(session)) session.lastSeenAtMs = clock.now()
      }
      await drop(isOver)
      await endAccesses()
      if (clock.now() - storedAtMs < STORE_EVERY_MS) return
      storedAtMs = clock.now()
      for (const session of byDigest.values()) await storeLastSeen(control, session)
    }
  }
}

interface Ends {
  await (id: string, callback: () => void): () => void
  tell (id: string): void
  isAwaited (id: string): boolean
  keys (): string[]
}

/** Who waits for the end of what. */
function createEnds (): Ends {
  const waiting = new Map<string, Set<() => void>>()
  return {
    await (id, callback) {
      // A set of its own entries: the same function may wait twice.
      const entry = (): void => { callback() }
      const entries = waiting.get(id) ?? new Set()
      waiting.set(id, entries.add(entry))
      return () => {
        entries.delete(entry)
        if (entries.size === 0 && waiting.get(id) === entries) waiting.delete(id)
      }
    },
    tell (id) {
      const entries = waiting.get(id)
      waiting.delete(id)
      for (const entry of entries ?? []) entry()
    },
    isAwaited: id => waiting.has(id),
    keys: () => [...waiting.keys()]
  }
}

async function readSessions (control: Control): Promise<Map<string, Session>> {
  const rows = await control.exclusive(async connection => await readRows<{
    id: string, digest: string, access: string | null, person: string, role: string
    created: bigint, seen: bigint, expires: bigint
  }>(connection, 'select session_id::varchar as id, secret_sha256 as digest, access_id::varchar as access, person, role, ' +
    'epoch_ms(created_at) as created, epoch_ms(last_seen_at) as seen, epoch_ms(expires_at) as expires from main.sessions'))
  return new Map(rows.flatMap(({ id, digest, access, person, role, created, seen, expires }) => isRole(role)
    ? [[digest, {
        id, access, person, role, createdAtMs: Number(created), lastSeenAtMs: Number(seen), expiresAtMs: Number(expires)
      }] as const]
    : []))
}

async function insertSession (control: Control, digest: string, session: Session): Promise<void> {
  const access: Cell = session.access === null ? text(null) : uuid(session.access)
  await control.exclusive(async connection => {
    await appendRows(connection, 'sessions', [[
      uuid(session.id), text(digest), access, text(session.person), text(session.role),
      instant(session.createdAtMs), instant(session.lastSeenAtMs), instant(session.expiresAtMs)
    ]])
  })
}

async function deleteSession (control: Control, id: string): Promise<void> {
  await control.exclusive(async connection =>
    await connection.run('delete from main.sessions where session_id::varchar = $id', { id }))
}

async function storeLastSeen (control: Control, { id, lastSeenAtMs }: Session): Promise<void> {
  await control.exclusive(async connection => await connection.run(
    'update main.sessions set last_seen_at = make_timestamptz($seen::bigint * 1000) where session_id::varchar = $id',
    { id, seen: BigInt(lastSeenAtMs) }))
}
