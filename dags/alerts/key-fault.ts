// The master key file while the service runs: the key is held in memory, so a fault of the file would show at the next
// start only, which is too late.
import { stat } from 'node:fs/promises'
import { hasCode } from '../../core/errors.ts'
import { keyId, masterKeyFile, readKeys } from '../../core/keys.ts'

export type KeyFault = 'missing' | 'changed' | 'readable by others'

const OTHERS = 0o077

/**
 * A look at the key file; the key itself is read again only when the file is another.
 * @param expected the id of the traveller key that the warehouse was made with
 */
export function createKeyWatch (folder: string, expected: string): () => Promise<KeyFault | null> {
  const path = masterKeyFile(folder)
  let good = ''
  return async () => {
    const found = await stat(path).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'ENOENT') return null
      throw error
    })
    if (found === null) return 'missing'
    const file = `${found.ino} ${found.size} ${found.mtimeMs}`
    if (file !== good) {
      if (readKeyId(folder) !== expected) return 'changed'
      good = file
    }
    return (found.mode & OTHERS) === 0 ? null : 'readable by others'
  }
}

/** Null for a file that holds no key. */
function readKeyId (folder: string): string | null {
  try {
    return keyId(readKeys(folder).traveller)
  } catch (error) {
    if (hasCode(error, 'KEY_MISSING')) return null
    throw error
  }
}
