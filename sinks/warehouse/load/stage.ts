// The columns of a group go into the facts; its voids and retractions, which are few, into temporary tables first.
import type { DuckDBConnection } from '@duckdb/node-api'
import { appendBlocks, appendColumns, type ColumnBlock } from '../../../core/chunk-writer.ts'
import type { ColumnBuffer } from '../../../core/column-buffer.ts'
import { createSlices } from '../../../core/slices.ts'
import { FACT_TABLE } from '../../../schemas/columns.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import type { Resolution, ResolvedRows, Retraction } from './resolve.ts'
import { columnNamed } from './rows.ts'

/** What a void keeps of its message, as the fact tables name it. */
const VOID_COLUMNS = ['record_id', 'id_hash', 'revision', 'received_at']
/** Rows between two looks at the clock. */
const LOOK_ROWS = 1024

/** Adds the rows of a group. Returns the contracts whose facts change, and whether there are voids. */
export async function stageGroup (
  connection: DuckDBConnection, resolution: Resolution
): Promise<{ contracts: number[], hasVoids: boolean }> {
  const contracts = new Set(resolution.retractions.filter(({ isVoid }) => !isVoid).map(({ contract }) => contract))
  for (const [contract, name] of CONTRACTS.entries()) {
    const parts = resolution.resolved.filter(({ rows }) => rows.contract === contract)
      .map(resolved => ({ resolved, kept: imageRows(resolved, 0) })).filter(({ kept }) => kept.length > 0)
    if (parts.length === 0) continue
    contracts.add(contract)
    await appendBlocks(connection, { table: FACT_TABLE[name] }, factBlocks(parts))
  }
  const hasVoids = await stageVoids(connection, resolution)
  await stageRetractions(connection, resolution)
  return { contracts: [...contracts].sort((a, b) => a - b), hasVoids }
}

/** The rows that are images to store: of records (0), or voids (1). */
function imageRows ({ rows, weight }: ResolvedRows, isVoid: 0 | 1): Uint32Array {
  const images = new Uint32Array(rows.count)
  let count = 0
  for (let row = 0; row < rows.count; row++) if (weight[row] === 1 && rows.isVoid[row] === isVoid) images[count++] = row
  return images.subarray(0, count)
}

function * factBlocks (parts: readonly { resolved: ResolvedRows, kept: Uint32Array }[]): Generator<ColumnBlock> {
  for (const { resolved: { rows, sequence, weight }, kept } of parts) {
    const columns: ColumnBuffer[] = [
      ...rows.columns,
      { kind: 'uinteger', data: sequence, validity: null },
      { kind: 'tinyint', data: weight, validity: null }
    ]
    // Mostly a few of a batch are duplicates.
    yield kept.length === rows.count ? { columns, rows: rows.count } : { columns, chosen: kept }
  }
}

async function stageVoids (connection: DuckDBConnection, { resolved, retractions }: Resolution): Promise<boolean> {
  const parts = resolved.map(part => ({ part, voids: imageRows(part, 1) })).filter(({ voids }) => voids.length > 0)
  if (parts.length === 0 && !retractions.some(retraction => retraction.isVoid)) return false
  await connection.run('create or replace temp table staged_voids as from main.voids limit 0')
  if (parts.length > 0) await appendBlocks(connection, { catalog: 'temp', table: 'staged_voids' }, voidBlocks(parts))
  return true
}

function * voidBlocks (parts: readonly { part: ResolvedRows, voids: Uint32Array }[]): Generator<ColumnBlock> {
  for (const { part: { rows, sequence, weight }, voids } of parts) {
    yield {
      columns: [
        { kind: 'utinyint', data: new Uint8Array(rows.count).fill(rows.contract), validity: null },
        ...VOID_COLUMNS.map(name => columnNamed(rows, name)),
        { kind: 'uinteger', data: sequence, validity: null },
        { kind: 'tinyint', data: weight, validity: null }
      ],
      chosen: voids
    }
  }
}

async function stageRetractions (connection: DuckDBConnection, { retractions }: Resolution): Promise<void> {
  const count = retractions.length
  if (count === 0) return
  await connection.run('create or replace temp table staged_retractions ' +
    '(contract utinyint, is_void utinyint, old_sequence uinteger, new_sequence uinteger)')
  const contracts = new Uint8Array(count)
  const areVoids = new Uint8Array(count)
  const oldSequences = new Uint32Array(count)
  const newSequences = new Uint32Array(count)
  const slices = createSlices()
  for (let i = 0; i < count; i++) {
    if (i % LOOK_ROWS === 0 && slices.isOver()) await slices.rest()
    const { contract, isVoid, oldSequence, newSequence } = retractions[i] as Retraction
    contracts[i] = contract
    areVoids[i] = isVoid ? 1 : 0
    oldSequences[i] = oldSequence
    newSequences[i] = newSequence
  }
  await appendColumns(connection, { catalog: 'temp', table: 'staged_retractions' }, [
    { kind: 'utinyint', data: contracts, validity: null },
    { kind: 'utinyint', data: areVoids, validity: null },
    { kind: 'uinteger', data: oldSequences, validity: null },
    { kind: 'uinteger', data: newSequences, validity: null }
  ], count)
}
