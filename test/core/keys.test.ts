import { createHmac, hkdfSync } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasCode } from '../../core/errors.ts'
import { createMasterKey, KEY_PURPOSES, keyId, masterKeyFile, readKeys } from '../../core/keys.ts'
import { openTestWarehouse } from '../support/warehouse.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The code of the error that the work ends with. */
async function codeOf (work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    for (const code of ['KEY_MISSING', 'KEY_MISMATCH'] as const) if (hasCode(error, code)) return code
    throw error
  }
  return 'none'
}

describe('the master key', () => {
  it('is a file that only its owner reads, in a folder that only its owner enters', async () => {
    const folder = join(await temporaryFolder(), 'keys')
    createMasterKey(folder)
    expect(statSync(masterKeyFile(folder)).mode & 0o777).toBe(0o400)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readFileSync(masterKeyFile(folder), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  })

  it('is never replaced', async () => {
    const folder = await temporaryFolder()
    createMasterKey(folder)
    const before = readFileSync(masterKeyFile(folder), 'utf8')
    expect(await codeOf(() => { createMasterKey(folder) })).toBe('KEY_MISMATCH')
    expect(readFileSync(masterKeyFile(folder), 'utf8')).toBe(before)
  })

  it('is another one each time', async () => {
    const texts = await Promise.all([1, 2].map(async () => {
      const folder = await temporaryFolder()
      createMasterKey(folder)
      return readFileSync(masterKeyFile(folder), 'utf8')
    }))
    expect(texts[0]).not.toBe(texts[1])
  })

  it('gives every purpose a key of its own by HKDF', async () => {
    const folder = await temporaryFolder()
    const master = Buffer.alloc(32, 7)
    writeFileSync(masterKeyFile(folder), `${master.toString('hex')}\n`)
    const keys = readKeys(folder)
    const texts = KEY_PURPOSES.map(purpose => Buffer.from(keys[purpose]).toString('hex'))
    expect(new Set(texts).size).toBe(KEY_PURPOSES.length)
    expect(texts).toEqual(KEY_PURPOSES.map(purpose =>
      Buffer.from(hkdfSync('sha256', master, 'borderflow', `borderflow/${purpose}/v1`, 32)).toString('hex')))
    expect(keyId(keys.traveller)).toBe(createHmac('sha256', keys.traveller).update('id').digest('hex').slice(0, 16))
  })

  it.each(['', 'secret', '0'.repeat(63), 'g'.repeat(64)])('is refused if its file holds %j, which is not told', async text => {
    const folder = await temporaryFolder()
    writeFileSync(masterKeyFile(folder), text)
    expect(await codeOf(() => readKeys(folder))).toBe('KEY_MISSING')
    expect(() => readKeys(folder)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') as string }))
  })
})

describe('a warehouse', () => {
  it('makes its keys at its first start, and starts with them again', async () => {
    const folder = await temporaryFolder()
    const first = await openTestWarehouse(folder)
    const { id, keys } = first
    await first.close()
    const second = await openTestWarehouse(folder)
    expect(second.id).toBe(id)
    expect(second.keys).toEqual(keys)
    await second.close()
  })

  it('does not start without its key, and makes no new one', async () => {
    const folder = await temporaryFolder()
    await (await openTestWarehouse(folder)).close()
    const file = masterKeyFile(join(folder, 'keys'))
    const key = readFileSync(file)
    chmodSync(file, 0o600)
    writeFileSync(file, '')
    expect(await codeOf(async () => await openTestWarehouse(folder))).toBe('KEY_MISSING')
    expect(readFileSync(file, 'utf8')).toBe('')
    writeFileSync(file, key)
    await (await openTestWarehouse(folder)).close()
  })

  it('does not start with another key, which leaves it as it was', async () => {
    const folder = await temporaryFolder()
    await (await openTestWarehouse(folder)).close()
    const file = masterKeyFile(join(folder, 'keys'))
    const key = readFileSync(file)
    chmodSync(file, 0o600)
    writeFileSync(file, `${'ab'.repeat(32)}\n`)
    expect(await codeOf(async () => await openTestWarehouse(folder))).toBe('KEY_MISMATCH')
    writeFileSync(file, key)
    await (await openTestWarehouse(folder)).close()
  })
})
