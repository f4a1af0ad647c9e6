// One entry of the audit log: a line of JSON that holds the hash of the line before, and its own.
import { createHash } from 'node:crypto'

export interface AuditFacts {
  person: string
  role: string
  action: string
  target: string
  detail?: Record<string, string | number | boolean>
}

export interface AuditLine extends AuditFacts {
  /** From 1, without holes. */
  sequence: number
  /** ISO instant. */
  at: string
  /** The hash of the entry before; random for the first. */
  previous: string
  /** SHA-256 over this entry without this field, as it is written. */
  hash: string
}

const TEXT_MAX = 512
const DETAILS_MAX = 32

/** The line of an entry, without its end, and its hash. Long texts are cut: an entry has a bounded size. */
export function writeEntry (
  facts: AuditFacts, at: { sequence: number, atMs: number, previous: string }
): { line: string, hash: string } {
  const { person, role, action, target, detail } = facts
  const body = {
    sequence: at.sequence,
    at: new Date(at.atMs).toISOString(),
    person: cut(person),
    role: cut(role),
    action: cut(action),
    target: cut(target),
    ...(detail === undefined ? {} : { detail: cutDetail(detail) }),
    previous: at.previous
  }
  const hash = hashOf(JSON.stringify(body))
  return { line: JSON.stringify({ ...body, hash }), hash }
}

/** The entry of a line; null if the line is not as it was written. */
export function readEntry (line: string): AuditLine | null {
  let parsed: AuditLine
  try {
    parsed = JSON.parse(line) as AuditLine
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null || typeof parsed.hash !== 'string') return null
  const { hash, ...body } = parsed
  const text = JSON.stringify(body)
  // Byte for byte: spaces or another order of fields are a change too.
  return hashOf(text) === hash && JSON.stringify({ ...body, hash }) === line ? parsed : null
}

function hashOf (text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function cutDetail (detail: NonNullable<AuditFacts['detail']>): NonNullable<AuditFacts['detail']> {
  return Object.fromEntries(Object.entries(detail).slice(0, DETAILS_MAX)
    .map(([name, value]) => [cut(name), typeof value === 'string' ? cut(value) : value]))
}

function cut (text: string): string {
  return text.slice(0, TEXT_MAX)
}
