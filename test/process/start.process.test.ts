import { readFileSync } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonOf, runProgram, startProgram, startService, until } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { csvOf, csvOfRunning, damage, valueOfRunning } from './folders.ts'
import { crossing, lines, stream } from './messages.ts'

interface Status { running: boolean, messages: Record<string, number>, live: { address: string } }

describe('the spool folder', () => {
  it('is loaded file by file, each moved to done/, a broken one to failed/ with its reason', async () => {
    const folder = await temporaryFolder()
    const data = join(folder, 'data')
    const spool = join(folder, 'spool')
    await mkdir(spool)
    await writeFile(join(spool, 'a.ndjson'), lines([crossing('1'), crossing('2')]))
    await writeFile(join(spool, 'broken.ndjson.gz'), 'no gzip')
    await startService(data, { env: { BORDERFLOW_SPOOL_FOLDER: spool } })
    await until(async () => await loaded(data) === 2, 'the file that was there first')
    await writeFile(join(spool, 'b.ndjson.partial'), lines([crossing('2'), crossing('3')]))
    await rename(join(spool, 'b.ndjson.partial'), join(spool, 'b.ndjson'))
    await until(async () => (await readdir(join(spool, 'done'))).length === 2, 'both files in done/')
    expect((await valueOfRunning<Status>(data, 'status')).messages).toEqual({ loaded: 3, duplicate: 1 })
    expect((await readdir(join(spool, 'done'))).sort()).toEqual(['a.ndjson', 'b.ndjson'])
    await until(async () => (await readdir(join(spool, 'failed'))).length === 2, 'the broken file and its reason in failed/')
    const reason = readFileSync(join(spool, 'failed/broken.ndjson.gz.reason.json'), 'utf8')
    expect(JSON.parse(reason)).toMatchObject({ reason: 'FILE_UNREADABLE' })
    expect((await readdir(spool)).sort()).toEqual(['done', 'failed'])
  })
})

describe('HTTP', () => {
  it('takes events with a token, counts them, and gives the same receipt for the same Idempotency-Key', async () => {
    const data = join(await temporaryFolder(), 'data')
    const { address } = await startService(data, { env: { BORDERFLOW_HTTP_ANSWER_WAIT_MS: '60000' } })
    const { token } = await jsonOf<{ token: string }>(['access', 'create', '--name', 'desk', '--role', 'producer', '--data', data])
    const post = async (body: string, headers: Record<string, string>): Promise<{ status: number, body: unknown }> => {
      const response = await fetch(`${address}/v1/events`, {
        method: 'POST', headers: { 'content-type': 'application/x-ndjson', ...headers }, body
      })
      return { status: response.status, body: await response.json() }
    }
    const body = `${lines([crossing('1'), crossing('1'), crossing('2')])}{"contract"\n`
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'first' }
    const first = await post(body, headers)
    expect(first).toMatchObject({
      status: 200, body: { read: 4, loaded: 2, duplicate: 1, superseded: 0, quarantined: { not_json: 1 } }
    })
    expect(await post(body, headers)).toEqual(first)
    const { receipt } = first.body as { receipt: string }
    const told = await fetch(`${address}/v1/receipts/${receipt}`, { headers: { authorization: headers.authorization } })
    expect(await told.json()).toEqual(first.body)
    expect((await post(lines([crossing('3')]), headers)).status).toBeGreaterThanOrEqual(400)
    for (const authorization of ['Bearer bf_wrong', `Basic ${token}`, '']) {
      expect((await post(body, { authorization })).status).toBe(401)
    }
    expect((await fetch(`${address}/v1/receipts/${receipt}`)).status).toBe(401)
    expect((await valueOfRunning<Status>(data, 'status')).messages).toEqual({ loaded: 2, duplicate: 1, quarantined: 1 })
    const metrics = await (await fetch(`${address}/metrics`)).text()
    const [counted] = metrics.split('\n').filter(line => /^borderflow_messages_total\{.*outcome="loaded"/.test(line))
    expect(counted).toMatch(/source="http",contract="gdi\.crossing\.v1",.*\} 2$/)
  })

  it('says that it is ready, where it is, and nothing that was not asked for', async () => {
    const data = join(await temporaryFolder(), 'data')
    const { address } = await startService(data)
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await until(async () => (await fetch(`${address}/ready`)).status === 200, 'ready')
    expect((await jsonOf<Status>(['status', '--data', data])).live.address).toBe(address)
    expect((await fetch(`${address}/v1/nothing`)).status).toBe(404)
    const port = new URL(address).port
    const other = await runProgram(['start', '--data', `${data}-other`], { env: { BORDERFLOW_HTTP_PORT: port } })
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('a free port')
  })
})

describe('one process for a data folder', () => {
  it('answers commands by its socket as a folder does that nothing runs on, and keeps others out', async () => {
    const folder = await temporaryFolder()
    const data = join(folder, 'data')
    const spool = join(folder, 'spool')
    await mkdir(spool)
    await writeFile(join(spool, 'a.ndjson'), lines([crossing('1'), crossing('2', { direction: 'exit' })]))
    const service = await startService(data, { env: { BORDERFLOW_SPOOL_FOLDER: spool } })
    await until(async () => await loaded(data) === 2, 'the file')
    const running = await csvOf(data, 'flows')
    expect((await jsonOf<Status>(['status', '--data', data])).running).toBe(true)
    for (const command of [['start'], ['ingest', join(spool, 'done')]]) {
      const { code, stderr } = await runProgram([...command, '--data', data], { env: { BORDERFLOW_HTTP_PORT: '0' } })
      expect(code).toBe(1)
      expect(stderr).toContain('a data folder that no other process holds')
    }
    expect(await csvOfRunning(data, 'flows')).toBe(running)
    expect(await service.terminate()).toMatchObject({ code: 0 })
    expect(await csvOf(data, 'flows')).toBe(running)
    expect((await jsonOf<Status>(['status', '--data', data])).running).toBe(false)
  })
})

describe('SIGTERM', () => {
  it('under load ends the process with 0 within 10 s; the next start goes on, and nothing is lost or loaded twice', async () => {
    const folder = await temporaryFolder()
    const data = join(folder, 'data')
    const spool = join(folder, 'spool')
    await mkdir(spool)
    // More than twice of what a spool has on its way to the warehouse: that is still loaded before the end.
    const messages = stream({ seed: 3, scale: 1, from: '2026-02-02', to: '2026-02-09' })
    const file = Buffer.concat(messages.flatMap(({ value }) => [value, Buffer.from('\n')]))
    await writeFile(join(spool, 'all.ndjson'), file)
    const env = { BORDERFLOW_SPOOL_FOLDER: spool, BORDERFLOW_LOADING_GROUP_MESSAGES_MAX: '2000' }
    const service = await startService(data, { env })
    await until(async () => await accounted(data) > 0, 'loading has begun')
    const begun = performance.now()
    expect(await service.terminate()).toMatchObject({ code: 0 })
    expect(performance.now() - begun).toBeLessThan(10_000)
    const { messages: counts } = await jsonOf<Status>(['status', '--data', data])
    expect(sumOf(counts)).toBeGreaterThan(0)
    expect(sumOf(counts)).toBeLessThan(messages.length)
    await startService(data, { env })
    await until(async () => (await readdir(join(spool, 'done'))).length === 1, 'the rest is loaded')
    expect(await accounted(data)).toBe(messages.length)
  })

  it('while nothing happens ends it with 0', async () => {
    const service = await startService(join(await temporaryFolder(), 'data'))
    expect(await service.terminate()).toMatchObject({ code: 0, stdout: '' })
    expect(service.log().at(-1)).toMatchObject({ msg: 'stopped' })
  })
})

describe('the key', () => {
  it('must be there and the same, or nothing starts and nothing is made', async () => {
    const data = join(await temporaryFolder(), 'data')
    const keys = `${data}-keys`
    const file = join(keys, 'master.key')
    await (await startService(data)).terminate()
    const own = readFileSync(file, 'utf8')
    const refused = async (): Promise<string> => {
      const { code, stderr } = await runProgram(['start', '--data', data, '--json'], { env: { BORDERFLOW_HTTP_PORT: '0' } })
      expect(code).toBe(1)
      return (JSON.parse(stderr) as { error: { code: string } }).error.code
    }
    await rm(keys, { recursive: true })
    expect(await refused()).toBe('KEY_MISSING')
    await expect(readdir(keys)).rejects.toThrow('ENOENT')
    await mkdir(keys)
    await writeFile(file, `${'0123456789abcdef'.repeat(4)}\n`)
    expect(await refused()).toBe('KEY_MISMATCH')
    damage(file)
    expect(await refused()).toBe('KEY_MISSING')
    await writeFile(file, own)
    await chmod(file, 0o400)
    const again = startProgram(['start', '--data', data], { env: { BORDERFLOW_HTTP_PORT: '0' } })
    await again.logged('started')
  })
})

async function loaded (data: string): Promise<number> {
  return (await valueOfRunning<Status>(data, 'status')).messages.loaded ?? 0
}

async function accounted (data: string): Promise<number> {
  return sumOf((await valueOfRunning<Status>(data, 'status')).messages)
}

/** Messages by their outcomes; drift is counted beside them. */
function sumOf ({ loaded = 0, duplicate = 0, superseded = 0, quarantined = 0 }: Record<string, number>): number {
  return loaded + duplicate + superseded + quarantined
}
