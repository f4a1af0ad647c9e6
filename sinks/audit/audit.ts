// The audit log: appended, synced, never changed. A file of its own in the data folder, outside the databases, so that
// no restore takes entries back.
import { randomBytes } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { BorderflowError, errorText } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { type AuditFacts, writeEntry } from './entry.ts'
import { readEnd, setAside } from './end.ts'
import { type AuditHead, LOSS, verifyAudit } from './verify.ts'

export type { AuditHead } from './verify.ts'

export interface AuditHeads {
  read (): Promise<AuditHead | null>
  write (head: AuditHead): Promise<void>
}

export interface Audit {
  readonly file: string
  /** Writes an entry; resolves when it is on disk. Throws AUDIT_FAILED, and then the entry is not there. */
  append (facts: AuditFacts): Promise<void>
  /** What is on disk: entries, bytes, and the hash of the last one. */
  state (): AuditHead & { bytes: number }
  close (): Promise<void>
}

export interface AuditDeps { clock: Clock, heads: AuditHeads, log: Logger }

export const SYSTEM = { person: 'system', role: 'system' } as const

interface Waiting { facts: AuditFacts, done: () => void, fail: (error: Error) => void }

/** The path of the audit log of a data folder. */
export function auditFile (folder: string): string {
  return join(folder, 'audit.jsonl')
}

/** Opens the audit log of a data folder that this process holds, or begins one. Throws AUDIT_FAILED. */
export async function openAudit (folder: string, deps: AuditDeps): Promise<Audit> {
  const file = auditFile(folder)
  const { entries, hash, bytes, torn } = await readEnd(file)
  const aside = torn === 0 ? null : await setAside(file, bytes, deps.clock)
  const head = await deps.heads.read()
  // The last entry is the one that was known: all is well, and the log need not be read from its beginning.
  const lost = head === null || (head.entries === entries && head.hash === hash)
    ? null
    : (await verifyAudit(file, bytes, [head])).bad
  const handle = await open(file, 'a', 0o600)
  const writer = createWriter(handle, deps, { entries, hash: hash ?? randomBytes(32).toString('hex'), bytes })
  if (hash === null) await writer.append({ ...SYSTEM, action: 'audit.begin', target: 'audit' })
  if (aside !== null) {
    deps.log.warn({ bytes: torn, aside }, 'the end of the audit log was torn')
    await writer.append({ ...SYSTEM, action: 'audit.torn', target: aside, detail: { bytes: torn } })
  }
  if (lost !== null) {
    deps.log.error({ entry: lost.entry, fault: lost.fault, expected: head?.entries }, 'entries of the audit log are lost')
    await writer.append({
      ...SYSTEM,
      action: LOSS,
      target: 'audit',
      detail: { entry: lost.entry, fault: lost.fault, expected: head?.entries ?? 0, found: entries }
    })
  }
  return { file, ...writer }
}

/** Appends in order; what comes while the disk syncs goes together with the next sync. */
function createWriter (
  handle: FileHandle, { clock, heads, log }: AuditDeps, start: AuditHead & { bytes: number }
): Omit<Audit, 'file'> {
  let written = start
  let waiting: Waiting[] = []
  let writing: Promise<void> | null = null
  let storing: Promise<void> | null = null
  let isClosed = false

  async function write (batch: readonly Waiting[]): Promise<void> {
    let { entries, hash } = written
    let text = ''
    for (const { facts } of batch) {
      const entry = writeEntry(facts, { sequence: ++entries, atMs: clock.now(), previous: hash })
      text += `${entry.line}\n`
      hash = entry.hash
    }
    try {
      await handle.appendFile(text)
      await handle.datasync()
      written = { entries, hash, bytes: written.bytes + Buffer.byteLength(text) }
      for (const { done } of batch) done()
    } catch (error) {
      log.error({ error: errorText(error) }, 'the audit log cannot be written')
      // What did get there is taken off again: those who wait are told that it is not there.
      await handle.truncate(written.bytes).catch(() => {})
      for (const { fail } of batch) fail(auditFailed(error))
    }
  }

  async function writeAll (): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await write(batch)
      storing ??= storeHead()
    }
    writing = null
  }

  /** Not waited for by who appends: a head that lags behind still knows of what is missing before it. */
  async function storeHead (): Promise<void> {
    let stored = ''
    while (stored !== written.hash) {
      const { entries, hash } = written
      try {
        await heads.write({ entries, hash })
        stored = hash
      } catch (error) {
        log.warn({ error: errorText(error) }, 'how far the audit log is written could not be stored')
        break
      }
    }
    storing = null
  }

  return {
    async append (facts) {
      if (isClosed) throw auditFailed(new Error('closed'))
      const result = new Promise<void>((resolve, reject) => { waiting.push({ facts, done: resolve, fail: reject }) })
      writing ??= writeAll()
      await result
    },
    state: () => ({ ...written }),
    async close () {
      isClosed = true
      await writing
      await storing
      await handle.close()
    }
  }
}

function auditFailed (cause: unknown): BorderflowError {
  return new BorderflowError('AUDIT_FAILED', {
    expected: 'an audit log that can be written',
    found: errorText(cause),
    remedy: 'Nothing that is to be audited is done until it can. Look at disk and rights.',
    cause
  })
}
