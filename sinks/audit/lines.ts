// Reading the audit log line by line, and the entries of it that are asked for.
import { createReadStream, existsSync } from 'node:fs'
import type { AuditLine } from './entry.ts'

/** The lines of a log up to a size in bytes. */
export async function * linesOf (file: string, bytes: number): AsyncGenerator<string> {
  if (bytes === 0 || !existsSync(file)) return
  const stream = createReadStream(file, { end: bytes - 1, encoding: 'utf8' })
  try {
    // Told apart by \n alone: another separator within a line must not hide a change.
    let rest = ''
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      yield * lines
    }
    if (rest !== '') yield rest
  } finally {
    stream.destroy()
  }
}

export interface AuditFilter {
  person?: string
  /** The whole action, or its noun: `session` is every `session.…`. */
  action?: string
  /** ISO instant or date: entries at it or later. */
  since?: string
  /** At most so many, the newest. */
  limit: number
}

/** The newest entries that fit, oldest first. Lines that are none are passed over: `verify` tells of them. */
export async function listAudit (file: string, bytes: number, filter: AuditFilter): Promise<AuditLine[]> {
  const found: AuditLine[] = []
  for await (const line of linesOf(file, bytes)) {
    const entry = parsed(line)
    if (entry === null || !fits(entry, filter)) continue
    found.push(entry)
    if (found.length > filter.limit * 2) found.splice(0, found.length - filter.limit)
  }
  return found.slice(-filter.limit)
}

function parsed (line: string): AuditLine | null {
  try {
    const entry = JSON.parse(line) as AuditLine
    return typeof entry?.action === 'string' && typeof entry.at === 'string' ? entry : null
  } catch {
    return null
  }
}

function fits (entry: AuditLine, { person, action, since }: AuditFilter): boolean {
  return (person === undefined || entry.person === person) &&
    (action === undefined || entry.action === action || entry.action.startsWith(`${action}.`)) &&
    (since === undefined || entry.at >= since)
}
