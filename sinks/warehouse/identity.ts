// A warehouse knows its id and the ids of its keys; with another key it must not be written to.
import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { BorderflowError } from '../../core/errors.ts'
import { KEY_PURPOSES, keyId, type Keys } from '../../core/keys.ts'
import { readProperties, writeProperty } from './properties.ts'

const ID = 'warehouse_id'
const keyProperty = (purpose: string): string => `key_id_${purpose}`

/** The id of the warehouse, made at its first start. Throws KEY_MISMATCH if a key is not the one it was made with. */
export async function checkIdentity (connection: DuckDBConnection, keys: Keys): Promise<string> {
  const properties = await readProperties(connection)
  for (const purpose of KEY_PURPOSES) {
    const stored = properties.get(keyProperty(purpose))
    const given = keyId(keys[purpose])
    if (stored === undefined) {
      await writeProperty(connection, keyProperty(purpose), given)
    } else if (stored !== given) {
      throw new BorderflowError('KEY_MISMATCH', {
        expected: `the ${purpose} key ${stored}`,
        found: given,
        remedy: 'Put back the key file that this warehouse was made with.'
      })
    }
  }
  const id = properties.get(ID) ?? randomUUID()
  if (!properties.has(ID)) await writeProperty(connection, ID, id)
  return id
}
