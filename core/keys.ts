// Keys: one master file outside the data folder, from which the key of each purpose is derived (HKDF, RFC 5869). A key
// file is made only together with a new warehouse; afterwards a missing or different one stops the start.
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BorderflowError } from './errors.ts'

/** What keys are for. A purpose never shares its key with another. */
export const KEY_PURPOSES = ['traveller', 'content', 'quarantine', 'disclosure'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]
export type Keys = Readonly<Record<KeyPurpose, Uint8Array>>

const KEY_BYTES = 32
const FILE_NAME = 'master.key'

/** The path of the master key file in a folder. */
export function masterKeyFile (folder: string): string {
  return join(folder, FILE_NAME)
}

/** Makes a new master key file, readable by its owner only. Throws KEY_MISMATCH if there is one already. */
export function createMasterKey (folder: string): void {
  const path = masterKeyFile(folder)
  if (existsSync(path)) {
    throw new BorderflowError('KEY_MISMATCH', {
      expected: 'no key file beside a new warehouse',
      found: 'one',
      where: path,
      remedy: 'If this folder lost its warehouse, restore a backup; otherwise choose another folder for the keys.'
    })
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o400, flag: 'wx', flush: true })
}

/** Reads the master key and derives the key of every purpose. Throws KEY_MISSING. */
export function readKeys (folder: string): Keys {
  const path = masterKeyFile(folder)
  if (!existsSync(path)) {
    throw new BorderflowError('KEY_MISSING', {
      expected: 'the key file of this warehouse',
      found: 'none',
      where: path,
      remedy: 'Put it back from where keys are kept. A new key would make every traveller a stranger.'
    })
  }
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new BorderflowError('KEY_MISSING', {
      expected: '64 hexadecimal digits', found: 'something else', where: path, remedy: 'Put the key file back.'
    })
  }
  const master = Buffer.from(text, 'hex')
  return Object.fromEntries(KEY_PURPOSES.map(purpose => [purpose,
    new Uint8Array(hkdfSync('sha256', master, 'borderflow', `borderflow/${purpose}/v1`, KEY_BYTES))])) as unknown as Keys
}

/** The public id of a key: the first 8 bytes of HMAC-SHA-256(key, "id") in hex. */
export function keyId (key: Uint8Array): string {
  return createHmac('sha256', key).update('id').digest('hex').slice(0, 16)
}
