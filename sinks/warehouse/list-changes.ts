// The code lists in force, and every change of them: figures rest on the lists as well as on the facts.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'
import { appendRows, instant, text } from '../../core/row-appender.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import { readProperties } from './properties.ts'

const DIGEST = 'lists_digest'
const LIST_PREFIX = 'list_digest_'

export interface ListChange {
  changedMs: number
  /** Digests over all lists, before and after. */
  before: string
  after: string
  /** The lists that changed. */
  lists: string[]
}

/**
 * Records the code lists in force, and what changed since the last start, in one transaction.
 * @returns the digest of those before, if they were others
 */
export async function recordLists (
  connection: DuckDBConnection, { digest, digests }: Pick<CodeLists, 'digest' | 'digests'>, nowMs: number
): Promise<string | null> {
  const properties = await readProperties(connection)
  const before = properties.get(DIGEST)
  const known = new Map([...properties].filter(([name]) => name.startsWith(LIST_PREFIX))
    .map(([name, value]) => [name.slice(LIST_PREFIX.length), value]))
  const current = new Map(Object.entries(digests))
  const names = [...new Set([...known.keys(), ...current.keys()])].sort()
  const changed = names.filter(name => known.get(name) !== current.get(name))
  if (before === digest && changed.length === 0) return null
  const hasChanged = before !== undefined && before !== digest
  await transaction(connection, async () => {
    if (hasChanged) {
      await appendRows(connection, 'list_changes', changed.map(name => [
        instant(nowMs), text(before), text(digest), text(name), text(known.get(name) ?? null),
        text(current.get(name) ?? null)
      ]))
    }
    await connection.run('delete from main.properties where name = $name or starts_with(name, $prefix)',
      { name: DIGEST, prefix: LIST_PREFIX })
    await appendRows(connection, 'properties', [
      [text(DIGEST), text(digest)], ...[...current].map(([name, value]) => [text(LIST_PREFIX + name), text(value)])
    ])
  })
  return hasChanged ? before : null
}

/** All changes, the newest first. */
export async function readListChanges (connection: DuckDBConnection): Promise<ListChange[]> {
  const rows = await readRows<{ changed_ms: bigint, before: string, after: string, lists: string }>(connection,
    'select epoch_ms(changed_at) as changed_ms, all_before as before, all_after as after, ' +
    "string_agg(list, ',' order by list) as lists from main.list_changes group by all order by changed_ms desc")
  return rows.map(row => ({
    changedMs: Number(row.changed_ms), before: row.before, after: row.after, lists: row.lists.split(',')
  }))
}
