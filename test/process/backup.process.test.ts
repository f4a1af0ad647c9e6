import { readFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerOf, folderOfFile, jsonOf, runProgram, startService } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { copyData, csvOf, damage, example, ingestExample } from './folders.ts'

const folder = folderOfFile()
const small = example('small')
const large = example('large')
const asOf = ['--as-of', large.asOf]
let data: string
let backup: string

beforeAll(async () => {
  data = join(folder(), 'data')
  backup = join(folder(), 'backup')
  await ingestExample(data, small)
  await answerOf(['backup', backup, '--data', data])
})

describe('backup', () => {
  it('holds the warehouse and a manifest, no key, and refuses to overwrite', async () => {
    expect((await readdir(backup)).sort()).toEqual(['manifest.json', 'warehouse.duckdb'])
    const key = readFileSync(join(`${data}-keys`, 'master.key'), 'utf8').trim()
    for (const name of await readdir(backup)) {
      const bytes = readFileSync(join(backup, name))
      expect(bytes.includes(key)).toBe(false)
      expect(bytes.includes(Buffer.from(key, 'hex'))).toBe(false)
    }
    const { code, stderr } = await runProgram(['backup', backup, '--data', data])
    expect(code).toBe(1)
    expect(stderr).toContain('a folder that does not exist yet')
  })

  it('is taken of a running process', async () => {
    const own = copyData(data, join(await temporaryFolder(), 'data'))
    const service = await startService(own)
    const target = `${own}-backup`
    const { warehouse } = await jsonOf<{ warehouse: string }>(['backup', target, '--data', own])
    await service.terminate()
    await rm(own, { recursive: true })
    expect(await jsonOf<{ warehouse: string }>(['restore', target, '--data', own])).toMatchObject({ warehouse })
    expect(await csvOf(own, 'flows', '--as-of', small.asOf)).toBe(small.expected('flows'))
  })
})

describe('restore', () => {
  it('brings back the figures of the backup, and what came later can be loaded again', async () => {
    const own = copyData(data, join(await temporaryFolder(), 'data'))
    const before = await csvOf(own, 'flows', ...asOf)
    await ingestExample(own, large)
    const after = await csvOf(own, 'flows', ...asOf)
    expect(after).not.toBe(before)
    await answerOf(['restore', backup, '--data', own])
    expect(await csvOf(own, 'flows', ...asOf)).toBe(before)
    expect((await jsonOf<{ ok: boolean }>(['verify', '--data', own])).ok).toBe(true)
    await ingestExample(own, large)
    expect(await csvOf(own, 'flows', ...asOf)).toBe(after)
  })

  it('is refused while a process runs on the folder, which goes on', async () => {
    const own = copyData(data, join(await temporaryFolder(), 'data'))
    const service = await startService(own)
    const { code, stderr } = await runProgram(['restore', backup, '--data', own])
    expect(code).toBe(1)
    expect(stderr).toContain('a data folder that nothing runs on')
    expect((await fetch(`${service.address}/health`)).status).toBe(200)
  })

  it('is refused of what is damaged or no backup, and leaves the warehouse as it was', async () => {
    const own = copyData(data, join(await temporaryFolder(), 'data'))
    const damaged = copyData(backup, `${own}-damaged`)
    damage(join(damaged, 'warehouse.duckdb'))
    for (const from of [damaged, `${own}-none`]) {
      const { code, stderr } = await runProgram(['restore', from, '--data', own, '--json'])
      expect(code).toBe(1)
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'BACKUP_INVALID' } })
    }
    expect(await csvOf(own, 'flows', '--as-of', small.asOf)).toBe(small.expected('flows'))
  })
})
