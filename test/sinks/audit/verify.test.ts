// Verifying: whatever is done to the file, the first entry that is not as it was written is named.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuditLine, writeEntry } from '../../../sinks/audit/entry.ts'
import { type AuditHead, type AuditVerified, verifyAudit } from '../../../sinks/audit/verify.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { FACTS, START_MS, writeLog, type Head } from './support.ts'

const ENTRIES = 12

interface Log {
  lines: string[]
  head: AuditHead
  /** Verifies a file of these lines instead. */
  check (lines: readonly string[]): Promise<AuditVerified>
}

async function log (): Promise<Log> {
  const head: Head = { value: null }
  const { file } = await writeLog(await temporaryFolder(), head, ENTRIES)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return {
    lines,
    head: head.value!,
    async check (changed) {
      writeFileSync(file, changed.map(line => `${line}\n`).join(''))
      return await verifyAudit(file, statSync(file).size, [head.value!])
    }
  }
}

/** The number of the first entry in which two logs differ. */
function firstDifference (before: readonly string[], after: readonly string[]): number {
  const index = [...before, ''].findIndex((line, at) => line !== (after[at] ?? ''))
  return index + 1
}

/** An entry with other facts and a hash of its own that fits: what a forger who knows the format writes. */
function forged (line: string, sequence?: number): string {
  const entry = JSON.parse(line) as AuditLine
  return writeEntry({ ...FACTS, person: 'somebody else' }, { sequence: sequence ?? entry.sequence, atMs: START_MS, previous: entry.previous }).line
}

const place = fc.integer({ min: 0, max: ENTRIES - 1 })

describe('verifying the audit log', () => {
  it('finds nothing in what was not touched, and tells its size and last hash', async () => {
    const { lines, head, check } = await log()
    expect(await check(lines)).toEqual({ entries: ENTRIES, bytes: lines.join('\n').length + 1, hash: head.hash, bad: null })
  })

  it('names an entry of which any byte was changed', async () => {
    const { lines, check } = await log()
    await fc.assert(fc.asyncProperty(place, fc.nat(), fc.integer({ min: 1, max: 127 }), async (index, offset, by) => {
      const line = lines[index]!
      const at = offset % line.length
      const code = (line.charCodeAt(at) + by) % 128
      fc.pre(code !== 10)
      const changed = lines.with(index, line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1))
      expect((await check(changed)).bad).toMatchObject({ entry: index + 1, fault: 'changed' })
    }), { numRuns: 200 })
  })

  it('names an entry that was removed, or put elsewhere, or put in', async () => {
    const { lines, check } = await log()
    await fc.assert(fc.asyncProperty(place, place, fc.constantFrom('remove', 'swap', 'move', 'copy', 'blank'), async (from, to, what) => {
      const changed = [...lines]
      if (what === 'remove') changed.splice(from, 1)
      else if (what === 'swap') [changed[from], changed[to]] = [lines[to]!, lines[from]!]
      else if (what === 'move') changed.splice(to, 0, ...changed.splice(from, 1))
      else if (what === 'copy') changed.splice(to, 0, lines[from]!)
      else changed.splice(to, 0, '')
      fc.pre(changed.join('\n') !== lines.join('\n'))
      expect((await check(changed)).bad?.entry).toBe(firstDifference(lines, changed))
    }), { numRuns: 300 })
  })

  it('names an entry that was forged with a hash that fits, in place of one or between two', async () => {
    const { lines, check } = await log()
    for (let index = 1; index < ENTRIES; index++) {
      expect((await check(lines.with(index, forged(lines[index]!)))).bad, `in place of ${index + 1}`)
        .toMatchObject({ entry: index + 1, fault: 'changed' })
      expect((await check(lines.toSpliced(index, 0, forged(lines[index]!)))).bad, `before ${index + 1}`)
        .toMatchObject(index === ENTRIES - 1 ? { entry: ENTRIES } : { entry: index + 1, fault: 'inserted' })
    }
  })

  it('names the first entry that is missing at the end', async () => {
    const { lines, check } = await log()
    for (let kept = 0; kept < ENTRIES; kept++) {
      expect((await check(lines.slice(0, kept))).bad).toMatchObject({ entry: kept + 1, fault: 'missing' })
    }
  })

  it('finds a log that was written anew as a whole, by what is known of it elsewhere', async () => {
    const { lines, check } = await log()
    let previous = createHash('sha256').update('x').digest('hex')
    const anew = lines.map(line => {
      const { sequence, person, role, action, target } = JSON.parse(line) as AuditLine
      const written = writeEntry({ person: sequence === 5 ? 'somebody else' : person, role, action, target }, { sequence, atMs: START_MS, previous })
      previous = written.hash
      return written.line
    })
    expect((await check(anew)).bad).toMatchObject({ entry: ENTRIES, fault: 'changed' })
    const { line } = writeEntry(FACTS, { sequence: ENTRIES + 1, atMs: START_MS, previous })
    expect((await check([...anew, line])).bad).toMatchObject({ entry: ENTRIES })
  })

  it('finds an end of line that is gone', async () => {
    const head: Head = { value: null }
    const { file } = await writeLog(await temporaryFolder(), head, 3)
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n', ''))
    expect((await verifyAudit(file, statSync(file).size, [head.value!])).bad).toMatchObject({ entry: 1, fault: 'changed' })
  })
})
