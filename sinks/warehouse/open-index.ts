// The id index at start: the saved copy and what was loaded after it, or everything read again.
import { DuckDBUIntegerType, type DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../core/chunk-writer.ts'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import { FACT_TABLE } from '../../schemas/columns.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import type { IdIndex } from './id-index.ts'
import { dropSavedIndex, readSavedIndex, type SavedIndex } from './index-file.ts'
import { createIndexSaver, type IndexSaver } from './index-saver.ts'
import { rebuildIndex, readIds } from './rebuild-index.ts'

export interface OpenedIndex {
  index: IdIndex
  /** The first sequence that is free. */
  nextSequence: number
  /** Up to which sequence the saved copy is good; 0 without one. */
  savedThrough: number
}

const newerIds = loadSql('sinks/warehouse/newer-ids.sql')
const currentIdsOf = loadSql('sinks/warehouse/current-ids-of.sql')
const lastSequence = loadSql('sinks/warehouse/last-sequence.sql')
/** More than this since the copy was saved, and reading everything costs no more. */
const BEHIND_SHARE_MAX = 0.5

/**
 * Opens the index. A copy that is torn, of another warehouse, or from beyond what the warehouse holds (a backup was
 * restored, or the end of the log was lost) is removed and everything is read.
 */
export async function openIndex (
  connection: DuckDBConnection, path: string, warehouseId: string
): Promise<OpenedIndex> {
  const [{ sequence: last } = { sequence: 0 }] = await readRows<{ sequence: number }>(connection, lastSequence)
  const saved = await readSavedIndex(path, warehouseId)
  const isUsable = saved !== null && saved.nextSequence <= last + 1 &&
    last - saved.nextSequence < last * BEHIND_SHARE_MAX
  if (saved === null || !isUsable) {
    await dropSavedIndex(path)
    return { ...await rebuildIndex(connection), savedThrough: 0 }
  }
  await addNewer(connection, saved)
  return { index: saved.index, nextSequence: last + 1, savedThrough: saved.nextSequence }
}

/** Opens the index together with the saver that keeps its copy. */
export async function openSavedIndex (
  connection: DuckDBConnection, path: string, warehouseId: string
): Promise<Omit<OpenedIndex, 'savedThrough'> & { saver: IndexSaver }> {
  const { index, nextSequence, savedThrough } = await openIndex(connection, path, warehouseId)
  return { index, nextSequence, saver: createIndexSaver({ path, index, warehouseId, savedThrough }) }
}

/**
 * Adds the images from a sequence on. Ids that have several or had one before are read from the table, and so are those
 * whose entry was dropped and is not in the warehouse: a group that was never committed had replaced it.
 */
async function addNewer (
  connection: DuckDBConnection, { index, nextSequence: sequence, dropped }: SavedIndex
): Promise<void> {
  const tables = [...CONTRACTS.map(name => FACT_TABLE[name]), 'voids']
  const unclear = new Map<string, [low: number, high: number]>()
  for (const table of tables) {
    await readIds(connection, newerIds.replaceAll('fact_table', table), (low, high, number) => {
      if (index.find(low, high).length === 0) index.add(low, high, number)
      else unclear.set(`${low} ${high}`, [low, high])
    }, { sequence }, { sequence: new DuckDBUIntegerType() })
  }
  for (let i = 0; i < dropped.length; i += 2) {
    const [low, high] = [dropped[i] as number, dropped[i + 1] as number]
    if (index.find(low, high).length === 0) unclear.set(`${low} ${high}`, [low, high])
  }
  if (unclear.size === 0) return
  for (const [low, high] of unclear.values()) index.remove(low, high)
  await connection.run('create or replace temp table wanted_hashes (id_hash ubigint)')
  await appendColumns(connection, { catalog: 'temp', table: 'wanted_hashes' },
    [{ kind: 'ubigint', data: Uint32Array.from([...unclear.values()].flat()), validity: null }], unclear.size)
  for (const table of tables) {
    const statement = table === 'voids'
      ? currentIdsOf.replaceAll('images.revision = retracted.revision',
        'images.revision = retracted.revision and images.contract = retracted.contract')
      : currentIdsOf
    await readIds(connection, statement.replaceAll('fact_table', table), (low, high, number) => {
      index.add(low, high, number)
    })
  }
  await connection.run('drop table temp.wanted_hashes')
}
