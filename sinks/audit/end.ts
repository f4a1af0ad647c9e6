// The end of the audit log as a kill or a power cut may have left it: the last whole entry, and what is torn behind it.
import { existsSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import { readEntry, type AuditLine } from './entry.ts'

export interface AuditEnd {
  /** The sequence of the last whole entry; 0 without one. */
  entries: number
  hash: string | null
  /** Bytes up to its end. */
  bytes: number
  /** Bytes behind it that are no whole entry. */
  torn: number
}

/** Entries are bounded: this much holds many. */
const TAIL_BYTES = 1024 * 1024

/** Reads where a log ends. Throws AUDIT_FAILED where nothing at its end can be read as an entry. */
export async function readEnd (file: string): Promise<AuditEnd> {
  const size = existsSync(file) ? (await stat(file)).size : 0
  if (size === 0) return { entries: 0, hash: null, bytes: 0, torn: 0 }
  const from = Math.max(0, size - TAIL_BYTES)
  const tail = await readBytes(file, from, size - from)
  for (let end = tail.lastIndexOf('\n'); end >= 0; end = end === 0 ? -1 : tail.lastIndexOf('\n', end - 1)) {
    const begin = end === 0 ? 0 : tail.lastIndexOf('\n', end - 1) + 1
    const entry: AuditLine | null = readEntry(tail.subarray(begin, end).toString('utf8'))
    if (entry !== null) {
      return { entries: entry.sequence, hash: entry.hash, bytes: from + end + 1, torn: tail.length - end - 1 }
    }
  }
  // A first entry that was torn: there is nothing before it to lose.
  if (from === 0 && !tail.includes('\n')) return { entries: 0, hash: null, bytes: 0, torn: size }
  throw new BorderflowError('AUDIT_FAILED', {
    expected: 'an audit log that ends with an entry',
    found: 'something else',
    where: file,
    remedy: 'Find out who changed it. Move it away and keep it; the next start begins a new one and notes the loss.'
  })
}

/** Moves what is behind the last whole entry to a file of its own, and returns that file's name. */
export async function setAside (file: string, bytes: number, clock: Clock): Promise<string> {
  const size = (await stat(file)).size
  const name = `${basename(file, '.jsonl')}.torn-${new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, '')}.jsonl`
  const copy = await open(join(dirname(file), name), 'w', 0o600)
  try {
    await copy.writeFile(await readBytes(file, bytes, size - bytes))
    await copy.sync()
  } finally {
    await copy.close()
  }
  const log = await open(file, 'r+')
  try {
    await log.truncate(bytes)
    await log.sync()
  } finally {
    await log.close()
  }
  return name
}

async function readBytes (file: string, from: number, length: number): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await handle.read(buffer, 0, length, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
