import { appendFileSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../core/civil-date.ts'
import type { BatchTaker } from '../../../core/stage.ts'
import { purgeSpool } from '../../../ingest/files/purge.ts'
import { createSpoolSource } from '../../../ingest/files/spool.ts'
import { createFileBench, START_MS, temporaryFolder, until } from './support.ts'

let bench = createFileBench()
let spool = ''
const stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  bench = createFileBench()
  spool = join(await temporaryFolder(), 'spool')
  await mkdir(spool)
})

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Starts a source; the result stops it as a shutdown does, or tells how it failed. */
function start (config = {}) {
  const signal = new AbortController()
  const source = createSpoolSource({ folder: spool, pollIntervalMs: 10, ...config }, bench.deps)
  const ended = source.run(bench.loader, signal.signal)
  ended.catch(() => {})
  const stop = async (): Promise<void> => {
    signal.abort()
    await ended
  }
  stops.push(() => stop().catch(() => {}))
  return { source, stop, ended }
}

/** Puts a file there as a writer should: under another name first. */
async function drop (name: string, content: string | Uint8Array): Promise<void> {
  await writeFile(join(spool, name + '.partial'), content)
  await rename(join(spool, name + '.partial'), join(spool, name))
}

const names = async (folder: string): Promise<string[]> => (await readdir(join(spool, folder))).sort()
const isIn = (folder: string, name: string) => async (): Promise<boolean> => {
  const found: string[] = await names(folder).catch(() => [])
  return found.includes(name)
}

describe('spool folder', () => {
  it('loads files as they arrive and moves them to done/, closed to others', async () => {
    await drop('b.ndjson', '3\n')
    await drop('a.ndjson.gz', gzipSync('1\n2\n'))
    const { source, stop } = start()
    await until(isIn('done', 'b.ndjson'), 'the first two files')
    await drop('c.jsonl', '4')
    await until(isIn('done', 'c.jsonl'), 'the third file')
    await stop()
    expect(bench.loader.loaded).toEqual(['1:0=1', '1:1=2', '2:0=3', '3:0=4'])
    expect(await names('done')).toEqual(['a.ndjson.gz', 'b.ndjson', 'c.jsonl'])
    expect(source.status()).toMatchObject({ state: 'stopped', detail: { filesDone: 3, filesFailed: 0, filesWaiting: 0 } })
    expect((await stat(join(spool, 'done', 'c.jsonl'))).mode & 0o777).toBe(0o600)
    for (const folder of ['', 'done', 'failed']) {
      expect((await stat(join(spool, folder))).mode & 0o777).toBe(0o700)
    }
  })

  it('leaves unfinished names alone silently, and others with one warning', async () => {
    for (const name of ['.hidden.ndjson', 'a.ndjson.tmp', 'b.ndjson.part', 'c.ndjson.partial', 'd.csv']) {
      await writeFile(join(spool, name), '1\n')
    }
    await symlink('/etc/hostname', join(spool, 'link.ndjson'))
    const { stop } = start()
    await drop('z.ndjson', '1\n')
    await until(isIn('done', 'z.ndjson'), 'the one good file')
    await stop()
    expect(bench.loader.loaded).toHaveLength(1)
    expect(await names('.')).toEqual(
      ['.hidden.ndjson', 'a.ndjson.tmp', 'b.ndjson.part', 'c.ndjson.partial', 'd.csv', 'done', 'failed', 'link.ndjson'])
    expect(bench.logged.filter(line => line.includes('left alone'))).toHaveLength(2)
  })

  it('moves a bad file to failed/ with a reason that holds no value, and goes on with the next', async () => {
    await drop('a.ndjson.gz', Buffer.concat([gzipSync('secret-1\n'), gzipSync('secret-2\n').subarray(0, 12)]))
    await drop('b.ndjson', '1\n')
    const { stop } = start()
    await until(isIn('done', 'b.ndjson'), 'the good file')
    await stop()
    expect(await names('failed')).toEqual(['a.ndjson.gz', 'a.ndjson.gz.reason.json'])
    const reason = await readFile(join(spool, 'failed', 'a.ndjson.gz.reason.json'), 'utf8')
    expect(JSON.parse(reason)).toMatchObject({ reason: 'FILE_UNREADABLE', number: 1 })
    expect(reason).not.toContain('secret')
    expect(bench.registry.files[0]?.state).toBe('failed')
    expect((await stat(join(spool, 'failed', 'a.ndjson.gz.reason.json'))).mode & 0o777).toBe(0o600)
  })

  it('goes on at the stored line after a restart, and marks a file failed that changed meanwhile', async () => {
    const lines = Array.from({ length: 30 }, (_, line) => `${line}\n`).join('')
    await drop('a.ndjson', lines)
    await drop('b.ndjson', lines)
    bench.loader.beforeCommit = async batch => { if (batch.firstOffset === 20) throw new Error('power cut') }
    await expect(start({ batchMessagesMax: 10 }).ended).rejects.toThrow('power cut')
    bench.loader.beforeCommit = async batch => {
      if (batch.partition === '2' && batch.firstOffset === 10) throw new Error('power cut')
    }
    await expect(start({ batchMessagesMax: 10 }).ended).rejects.toThrow('power cut')
    expect(bench.loader.loaded.filter(line => line.startsWith('1:'))).toHaveLength(30)
    bench.loader.beforeCommit = async () => {}
    await appendFile(join(spool, 'b.ndjson'), 'more\n')
    const { stop } = start({ batchMessagesMax: 10 })
    await until(isIn('failed', 'b.ndjson.reason.json'), 'the changed file')
    await stop()
    expect(bench.registry.files.map(file => file.state)).toEqual(['finished', 'failed'])
    expect(bench.registry.reasons.get(2)).toBe('FILE_CHANGED')
    expect(bench.loader.loaded.filter(line => line.startsWith('2:'))).toHaveLength(10)
  })

  it('marks a file failed that grows while it is read', async () => {
    await drop('a.ndjson', 'line\n'.repeat(30))
    bench.loader.beforeCommit = async batch => {
      if (batch.firstOffset === 0) appendFileSync(join(spool, 'a.ndjson'), 'line\n')
    }
    const { stop } = start({ batchMessagesMax: 10 })
    await until(isIn('failed', 'a.ndjson.reason.json'), 'the grown file')
    await stop()
    expect(bench.registry.files[0]).toMatchObject({ state: 'failed', sizeBytes: 150 })
    expect(bench.loader.batches.every(batch => batch.endsPartition !== true)).toBe(true)
  })

  it('moves a file that was finished when the move was lost, without reading it again', async () => {
    await drop('a.ndjson', '1\n')
    const first = start()
    await until(isIn('done', 'a.ndjson'), 'the file')
    await first.stop()
    await rename(join(spool, 'done', 'a.ndjson'), join(spool, 'a.ndjson'))
    const again = start()
    await until(isIn('done', 'a.ndjson'), 'the file again')
    await again.stop()
    expect(bench.loader.loaded).toEqual(['1:0=1'])
    expect(bench.registry.files).toHaveLength(1)
  })

  it('takes a finished name with other content as a new file and puts its number before the name in done/', async () => {
    const { stop } = start()
    await drop('a.ndjson', '1\n')
    await until(isIn('done', 'a.ndjson'), 'the first')
    await drop('a.ndjson', '1\n2\n')
    await until(isIn('done', '2-a.ndjson'), 'the second')
    await stop()
    expect(bench.loader.loaded).toEqual(['1:0=1', '2:0=1', '2:1=2'])
    // Neither is read again at the next start, though one has another name than at first sight.
    const next = start()
    await until(() => next.source.status().state === 'running', 'running')
    await next.stop()
    expect(bench.loader.loaded).toHaveLength(3)
  })

  it('reads files in done/ again that the warehouse lost, from the stored line or as new ones', async () => {
    await drop('a.ndjson', '1\n2\n3\n')
    await drop('b.ndjson', '4\n')
    const { stop } = start()
    await until(isIn('done', 'b.ndjson'), 'both files')
    await stop()
    // As after a crash that took the end of the log: file 2 was never registered, file 1 was at its first line.
    bench.registry.files.splice(1)
    bench.registry.files[0]!.state = 'open'
    bench.loader.setPosition('spool', '1', 1)
    bench.loader.setPosition('spool', '2', 0)
    bench.loader.loaded.length = 0
    const next = start()
    await until(() => bench.registry.files[1]?.state === 'finished', 'both read again')
    await next.stop()
    expect(bench.loader.loaded).toEqual(['1:1=2', '1:2=3', '2:0=4'])
    expect(bench.registry.files.map(file => file.state)).toEqual(['finished', 'finished'])
    expect(await names('done')).toEqual(['a.ndjson', 'b.ndjson'])
  })

  it('has no more than twenty batches undurable, and reads on while they are loaded', async () => {
    await drop('a.ndjson', 'x\n'.repeat(300))
    let held: (() => void) | undefined
    const gate = new Promise<void>(resolve => { held = resolve })
    bench.loader.beforeCommit = () => gate
    let submitted = 0
    const taker: BatchTaker = {
      submit (batch) {
        submitted++
        return bench.loader.submit(batch)
      }
    }
    const stop = new AbortController()
    const source = createSpoolSource({ folder: spool, batchMessagesMax: 10, pollIntervalMs: 10 }, bench.deps)
    const ended = source.run(taker, stop.signal)
    await until(() => submitted === 20, 'twenty batches')
    await new Promise(resolve => { setTimeout(resolve, 30) })
    expect(submitted).toBe(20)
    held?.()
    await until(isIn('done', 'a.ndjson'), 'the file')
    stop.abort()
    await ended
    expect(submitted).toBe(30)
  })

  it('rejects with POSITION_STALE when a batch was dropped', async () => {
    await drop('a.ndjson', 'x\n'.repeat(30))
    bench.loader.beforeCommit = async batch => {
      if (batch.firstOffset === 10) bench.loader.setPosition('spool', '1', 25)
    }
    const { ended, source } = start({ batchMessagesMax: 10 })
    await expect(ended).rejects.toMatchObject({ code: 'POSITION_STALE' })
    expect(source.status().state).toBe('failed')
    expect(await names('done')).toEqual([])
  })

  it('purges files that were moved away longer ago than the days to keep', async () => {
    const { stop } = start()
    await drop('old.ndjson', '1\n')
    await drop('bad.ndjson.gz', 'no gzip')
    await until(isIn('done', 'old.ndjson'), 'the old file')
    await until(isIn('failed', 'bad.ndjson.gz.reason.json'), 'the bad file')
    await stop()
    await writeFile(join(spool, 'done', 'new.ndjson'), '2\n')
    const newSeconds = (START_MS + DAY_MS) / 1000
    for (const [folder, name] of [['done', 'new.ndjson'], ['failed', 'bad.ndjson.gz.reason.json']] as const) {
      await utimes(join(spool, folder, name), newSeconds, newSeconds)
    }
    bench.clock.set(START_MS + 30 * DAY_MS + 1)
    expect(await purgeSpool(spool, 30, bench.clock)).toBe(2)
    expect(await names('done')).toEqual(['new.ndjson'])
    expect(await names('failed')).toEqual(['bad.ndjson.gz.reason.json'])
  })
})
