// Appending: on disk before it resolves, in order, whole after a kill, and never half there.
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { auditFile } from '../../../sinks/audit/audit.ts'
import { readEntry } from '../../../sinks/audit/entry.ts'
import { listAudit } from '../../../sinks/audit/lines.ts'
import { verifyAudit } from '../../../sinks/audit/verify.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { FACTS, openLog, START_MS, writeLog, type Head } from './support.ts'

const linesOf = (folder: string): string[] => readFileSync(auditFile(folder), 'utf8').trimEnd().split('\n')

describe('the audit log', () => {
  it('is on disk when an entry is done, for its owner only, and begins at random', async () => {
    const beginnings = new Set<string>()
    for (let time = 0; time < 2; time++) {
      const folder = await temporaryFolder()
      const audit = await openLog(folder, { value: null })
      await audit.append({ ...FACTS, detail: { rows: 3 } })
      const [first, second] = linesOf(folder).map(line => readEntry(line)!)
      const at = new Date(START_MS).toISOString()
      expect(second).toEqual({
        sequence: 2, at, ...FACTS, detail: { rows: 3 }, previous: first!.hash, hash: second!.hash
      })
      expect(first).toMatchObject({ sequence: 1, person: 'system', action: 'audit.begin', previous: expect.stringMatching(/^[0-9a-f]{64}$/) })
      beginnings.add(first!.previous)
      expect(statSync(auditFile(folder)).mode & 0o777).toBe(0o600)
      expect(audit.state()).toEqual({ entries: 2, hash: second!.hash, bytes: statSync(auditFile(folder)).size })
    }
    expect(beginnings.size).toBe(2)
  })

  it('keeps the order of entries that come at once, and goes on after a restart', async () => {
    const folder = await temporaryFolder()
    const head: Head = { value: null }
    const audit = await openLog(folder, head)
    await Promise.all(Array.from({ length: 200 }, async (_, number) => { await audit.append({ ...FACTS, target: `t${number}` }) }))
    await audit.close()
    expect(head.value).toEqual({ entries: 201, hash: audit.state().hash })
    const again = await openLog(folder, head)
    await again.append({ ...FACTS, target: 'after' })
    const entries = linesOf(folder).map(line => readEntry(line)!)
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 202 }, (_, index) => index + 1))
    expect(entries.slice(1, 201).map(({ target }) => target)).toEqual(Array.from({ length: 200 }, (_, number) => `t${number}`))
    expect((await verifyAudit(again.file, again.state().bytes, [head.value!])).bad).toBeNull()
  })

  it('sets a torn end aside, notes it, and goes on', async () => {
    const folder = await temporaryFolder()
    const head: Head = { value: null }
    const { file } = await writeLog(folder, head, 5)
    for (const torn of ['{"sequence":6,"at":"2026', 'x\n', '\0\0\0\0', '\n']) {
      const before = linesOf(folder).length
      appendFileSync(file, torn)
      const audit = await openLog(folder, head)
      await audit.append(FACTS)
      await audit.close()
      const entries = linesOf(folder).map(line => readEntry(line))
      expect(entries).not.toContain(null)
      expect(entries[before]).toMatchObject({ action: 'audit.torn', detail: { bytes: torn.length } })
      expect(readFileSync(join(folder, entries[before]!.target), 'utf8')).toBe(torn)
      expect((await verifyAudit(file, statSync(file).size, [head.value!])).bad).toBeNull()
    }
    expect(readdirSync(folder).length).toBeGreaterThan(1)
  })

  it('that was torn in its very first entry begins anew', async () => {
    const folder = await temporaryFolder()
    writeFileSync(auditFile(folder), '{"seq')
    const audit = await openLog(folder, { value: null })
    expect(linesOf(folder).map(line => readEntry(line)?.action)).toEqual(['audit.begin', 'audit.torn'])
    expect(audit.state().entries).toBe(2)
  })

  it('does not start on something that is no log', async () => {
    const folder = await temporaryFolder()
    writeFileSync(auditFile(folder), 'a\nb\nc\n')
    await expect(openLog(folder, { value: null })).rejects.toMatchObject({ code: 'AUDIT_FAILED' })
    expect(readFileSync(auditFile(folder), 'utf8')).toBe('a\nb\nc\n')
  })

  it.each([['shortened', 3], ['gone', 0]] as const)('notes at the start that it was %s while nothing ran', async (_what, kept) => {
    const folder = await temporaryFolder()
    const head: Head = { value: null }
    const { file } = await writeLog(folder, head, 6)
    truncateSync(file, linesOf(folder).slice(0, kept).join('\n').length + (kept === 0 ? 0 : 1))
    const audit = await openLog(folder, head)
    await audit.append(FACTS)
    const verified = await verifyAudit(file, audit.state().bytes, [audit.state()])
    expect(verified.bad).toMatchObject({ entry: kept + 1, fault: 'missing' })
    expect((await listAudit(file, audit.state().bytes, { limit: 10, action: 'audit.loss' })).map(({ detail }) => detail))
      .toEqual([{ entry: kept + 1, fault: 'missing', expected: 6, found: kept }])
  })

  it('is not written after it was closed', async () => {
    const audit = await openLog(await temporaryFolder(), { value: null })
    await audit.close()
    await expect(audit.append(FACTS)).rejects.toMatchObject({ code: 'AUDIT_FAILED' })
  })

  it('bounds the size of an entry, and takes any text', async () => {
    const folder = await temporaryFolder()
    const audit = await openLog(folder, { value: null })
    const texts = ['x'.repeat(100_000), 'ស្ត្រី\n"\\', '\ud800', '__proto__', '\u2028', '\0']
    for (const text of texts) {
      await audit.append({ person: text, role: text, action: text, target: text, detail: { [text]: text, n: 1.5 } })
    }
    expect(linesOf(folder).map(line => readEntry(line)).includes(null)).toBe(false)
    expect(Math.max(...linesOf(folder).map(line => line.length))).toBeLessThan(4_000)
    expect((await verifyAudit(audit.file, audit.state().bytes, [])).bad).toBeNull()
  })
})

describe('listing', () => {
  it('gives the newest that fit, oldest first', async () => {
    const folder = await temporaryFolder()
    const audit = await openLog(folder, { value: null })
    for (let number = 0; number < 30; number++) {
      await audit.append({ ...FACTS, person: number % 2 === 0 ? 'a' : 'b', action: number % 3 === 0 ? 'session.end' : 'table.read', target: String(number) })
    }
    const list = async (filter: object, limit = 100): Promise<string[]> =>
      (await listAudit(audit.file, audit.state().bytes, { limit, ...filter })).map(({ target }) => target)
    expect(await list({}, 3)).toEqual(['27', '28', '29'])
    expect(await list({ person: 'b', action: 'session' })).toEqual(['3', '9', '15', '21', '27'])
    expect(await list({ action: 'sess' })).toEqual([])
    expect(await list({ since: new Date(START_MS + 1).toISOString() })).toEqual([])
  })
})
