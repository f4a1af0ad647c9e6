import { appendFileSync, truncateSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { packageFile } from '../../../core/package-root.ts'
import { readFilesOnce } from '../../../ingest/files/once.ts'
import { KEPT_BYTES_MAX } from '../../../ingest/files/part-collector.ts'
import { rawMessages } from '../../support/raw-messages.ts'
import { createFileBench, START_MS, temporaryFolder } from './support.ts'

let bench = createFileBench()
let folder = ''

beforeEach(() => { bench = createFileBench() })

async function put (name: string, content: string | Uint8Array): Promise<string> {
  folder = folder !== '' && await stat(folder).then(() => true, () => false) ? folder : await temporaryFolder()
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

const once = (paths: string[], config = {}) => readFilesOnce(paths, config, bench.deps, bench.loader)

describe('reading files once', () => {
  it('reads plain, gzip and multi-member gzip files line by line, numbered in name order', async () => {
    await put('b.jsonl.gz', Buffer.concat([gzipSync('1\n2'), gzipSync('2\n3\n')]))
    await put('a.ndjson.gz', gzipSync('A\n'))
    await put('é.ndjson', 'e')
    await put('Z.ndjson', 'z\n\nz2\r\n')
    await put('notes.txt', 'no input')
    await put('c.ndjson.partial', 'not yet')
    const results = await once([folder])
    expect(results.map(result => [result.number, result.state, result.outcome.read])).toEqual([
      [1, 'loaded', 3], [2, 'loaded', 1], [3, 'loaded', 3], [4, 'loaded', 1]
    ])
    expect(bench.loader.loaded).toEqual([
      '1:0=z', '1:1=', '1:2=z2\r', '2:0=A', '3:0=1', '3:1=22', '3:2=3', '4:0=e'
    ])
    expect(results[0]?.outcome.quarantined).toEqual({ empty: 1 })
    expect(bench.registry.files.every(file => file.state === 'finished')).toBe(true)
  })

  it('reads Zstandard files, also of several frames', async () => {
    const results = await once([packageFile('test/ingest/files/two-frames.ndjson.zst')])
    expect(results[0]?.outcome.read).toBe(6000)
    expect(bench.loader.loaded[0]).toBe('1:0={"line":1}')
    expect(bench.loader.loaded.at(-1)).toBe('1:5999={"line":6000}')
  })

  it('cuts batches at 5,000 messages and at the byte limit and marks the last one of the file', async () => {
    await once([await put('m.ndjson', 'x\n'.repeat(10_000))])
    expect(bench.loader.batches.map(batch => [batch.firstOffset, batch.nextOffset, batch.endsPartition ?? false]))
      .toEqual([[0, 5000, false], [5000, 10_000, true]])
    await once([await put('n.ndjson', 'abcdef\n'.repeat(5))], { batchBytesMax: 12 })
    expect(bench.loader.batches.slice(2).map(batch => batch.messages.offsets.length)).toEqual([2, 2, 1])
  })

  it('reads nothing of a finished file and says so', async () => {
    const path = await put('a.ndjson', '1\n2\n')
    await once([path])
    const [again] = await once([path])
    expect(again).toMatchObject({ state: 'alreadyLoaded', number: 1, outcome: { read: 0 } })
    expect(bench.loader.loaded).toHaveLength(2)
  })

  it('gives a name that comes back with other content after it was finished a new number', async () => {
    const path = await put('a.ndjson', '1\n')
    await once([path])
    await writeFile(path, '1\n2\n')
    expect((await once([path]))[0]).toMatchObject({ state: 'loaded', number: 2 })
  })

  it('goes on at the stored line after a stop in the middle, with the received time of the first sight', async () => {
    const path = await put('a.ndjson', Array.from({ length: 30 }, (_, line) => `${line}\n`).join(''))
    bench.loader.beforeCommit = async batch => { if (batch.firstOffset === 20) throw new Error('power cut') }
    await expect(once([path], { batchMessagesMax: 10 })).rejects.toThrow('power cut')
    bench.loader.beforeCommit = async () => {}
    bench.clock.set(START_MS + 60_000)
    const [result] = await once([path], { batchMessagesMax: 10 })
    expect(result?.outcome.read).toBe(10)
    expect(bench.loader.loaded).toEqual(Array.from({ length: 30 }, (_, line) => `1:${line}=${line}`))
    const times = bench.loader.batches.flatMap(batch => [...batch.messages.receivedAtMs])
    expect(new Set(times)).toEqual(new Set([START_MS]))
  })

  it('stores the received time given for an archive', async () => {
    await once([await put('a.ndjson', '1')], { receivedAtMs: 1000 })
    expect(bench.loader.batches[0]?.messages.receivedAtMs[0]).toBe(1000)
  })

  it('stops at a file that changed since it was begun, and takes it as a new one when it is given again', async () => {
    const path = await put('a.ndjson', '1\n2\n3\n')
    bench.loader.beforeCommit = async batch => { if (batch.firstOffset === 2) throw new Error('power cut') }
    await expect(once([path], { batchMessagesMax: 2 })).rejects.toThrow('power cut')
    bench.loader.beforeCommit = async () => {}
    await appendFile(path, '4\n')
    await expect(once([path])).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    expect(bench.registry.files[0]?.state).toBe('failed')
    expect(bench.loader.loaded).toEqual(['1:0=1', '1:1=2'])
    expect((await once([path]))[0]).toMatchObject({ number: 2, state: 'loaded', outcome: { read: 4 } })
  })

  for (const [what, change] of [
    ['grows', (path: string) => { appendFileSync(path, 'x') }], ['is cut', (path: string) => { truncateSync(path, 21) }]
  ] as const) {
    it(`notices a file that ${what} while it is read, before its last lines are loaded`, async () => {
      const path = await put('a.ndjson', Array.from({ length: 30 }, (_, line) => `${line}\n`).join(''))
      // At once, in the turn that hands over the first batch: the reader's next look is after it, on any machine.
      bench.loader.beforeCommit = async batch => { if (batch.firstOffset === 0) change(path) }
      await expect(once([path], { batchMessagesMax: 10 })).rejects.toMatchObject({ code: 'FILE_CHANGED' })
      expect(bench.loader.batches.some(batch => batch.endsPartition === true)).toBe(false)
    })
  }

  it('keeps what it loaded of a truncated gzip file and names the file', async () => {
    const zipped = gzipSync(Array.from({ length: 20_000 }, () => Math.random()).join('\n'))
    const path = await put('a.ndjson.gz', zipped.subarray(0, zipped.length - 1000))
    await expect(once([path])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(bench.loader.batches.length).toBeGreaterThan(0)
    expect(bench.registry.reasons.get(1)).toBe('FILE_UNREADABLE')
    expect(bench.registry.files[0]?.state).toBe('failed')
  })

  it('refuses truncated and damaged Zstandard files and empty compressed ones', async () => {
    const zstd = await readFile(packageFile('test/ingest/files/two-frames.ndjson.zst'))
    for (const bad of [zstd.subarray(0, zstd.length - 20), Buffer.from('no zstandard at all, only text')]) {
      const path = await put('bad.ndjson.zst', bad)
      await expect(once([path])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    }
    await expect(once([await put('empty.ndjson.gz', '')])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    expect((await once([await put('empty.ndjson', '')]))[0]).toMatchObject({ state: 'loaded', outcome: { read: 0 } })
  })

  it('refuses names that are no input and paths that are not there', async () => {
    await expect(once([await put('a.csv', '1')])).rejects.toMatchObject({ code: 'USAGE' })
    await expect(once([join(folder, 'none.ndjson')])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  it('never moves or alters a file, and does not look into sub-folders', async () => {
    const path = await put('a.ndjson', '1\n')
    await mkdir(join(folder, 'deeper'))
    await writeFile(join(folder, 'deeper', 'b.ndjson'), '2\n')
    const before = await stat(path)
    expect(await once([folder])).toHaveLength(1)
    const after = await stat(path)
    expect([after.mtimeMs, after.mode, after.size]).toEqual([before.mtimeMs, before.mode, before.size])
    expect((await readdir(folder)).sort()).toEqual(['a.ndjson', 'deeper'])
    await rm(join(folder, 'deeper'), { recursive: true })
  })

  it('reads a line of 300 MB out of a small file in bounded memory, as too long, and goes on after it', async () => {
    const huge = Buffer.concat([gzipSync('first\n' + 'x'), ...Array<Buffer>(300).fill(gzipSync(Buffer.alloc(1 << 20, 120))),
      gzipSync('\nlast\n')])
    const path = await put('huge.ndjson.gz', huge)
    global.gc?.()
    const before = process.memoryUsage().rss
    await once([path])
    const [batch] = bench.loader.batches
    expect(rawMessages(batch!.messages).map(message => message.value.length)).toEqual([5, KEPT_BYTES_MAX, 4])
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
  })

  it('ends between chunks when told to stop, and reports the file as interrupted', async () => {
    const stop = new AbortController()
    const path = await put('a.ndjson', 'line\n'.repeat(200_000))
    bench.loader.beforeCommit = async () => stop.abort()
    const [result] = await readFilesOnce([path], {}, bench.deps, bench.loader, stop.signal)
    expect(result?.state).toBe('interrupted')
    expect(bench.registry.files[0]?.state).toBe('open')
    const [rest] = await once([path])
    expect(result!.outcome.read + rest!.outcome.read).toBe(200_000)
  })
})
