// The columns of a group go into the facts; its voids and retractions, which are few, into temporary tables first.
import type { DuckDBConnection } from '@duckdb/node-api'
import { appendBlocks, appendColumns, type ColumnBlock } from '../../../core/chunk-writer.ts'
import type { ColumnBuffer } from '../../../core/column-buffer.ts'
import { FACT_TABLE } from '../../../schemas/columns.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import type { Resolution, ResolvedRows } from './resolve.ts'
import { idHash, receivedAtWords, recordId, revisions } from './rows.ts'

/** Adds the rows of a group. Returns the contracts whose facts change, and whether there are voids. */
export async function stageGroup (
  connection: DuckDBConnection, resolution: Resolution
): Promise<{ contracts: number[], hasVoids: boolean }> {
  const contracts = new Set(resolution.retractions.filter(({ isVoid }) => !isVoid).map(({ contract }) => contract))
  for (const [contract, name] of CONTRACTS.entries()) {
    const parts = resolution.resolved.filter(({ rows }) => rows.contract === contract)
      .map(resolved => ({ resolved, kept: keptRows(resolved) })).filter(({ kept }) => kept.length > 0)
    if (parts.length === 0) continue
    contracts.add(contract)
    await appendBlocks(connection, { table: FACT_TABLE[name] }, factBlocks(parts))
  }
  const hasVoids = await stageVoids(connection, resolution)
  await stageRetractions(connection, resolution)
  return { contracts: [...contracts].sort((a, b) => a - b), hasVoids }
}

/** The rows that are images of records. */
function keptRows ({ rows, weight }: ResolvedRows): Uint32Array {
  const kept = new Uint32Array(rows.count)
  let count = 0
  for (let row = 0; row < rows.count; row++) if (weight[row] === 1 && rows.isVoid[row] === 0) kept[count++] = row
  return kept.subarray(0, count)
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
  const voids = resolved.flatMap(voidPlaces)
  if (voids.length === 0 && !retractions.some(retraction => retraction.isVoid)) return false
  await connection.run('create or replace temp table staged_voids as from main.voids limit 0')
  const count = voids.length
  const contract = new Uint8Array(count)
  const hash = new Uint32Array(count * 2)
  const revision = new Int32Array(count)
  const receivedAt = new Uint32Array(count * 2)
  const sequence = new Uint32Array(count)
  voids.forEach(({ part, row }, i) => {
    contract[i] = part.rows.contract
    revision[i] = revisions(part.rows)[row] as number
    sequence[i] = part.sequence[row] as number
    for (const word of [0, 1]) {
      hash[i * 2 + word] = idHash(part.rows)[row * 2 + word] as number
      receivedAt[i * 2 + word] = receivedAtWords(part.rows)[row * 2 + word] as number
    }
  })
  await appendColumns(connection, { catalog: 'temp', table: 'staged_voids' }, [
    { kind: 'utinyint', data: contract, validity: null },
    { kind: 'varchar', data: voids.map(({ part, row }) => recordId(part.rows, row)), validity: null },
    { kind: 'ubigint', data: hash, validity: null },
    { kind: 'integer', data: revision, validity: null },
    { kind: 'timestamptz', data: receivedAt, validity: null },
    { kind: 'uinteger', data: sequence, validity: null },
    { kind: 'tinyint', data: new Int8Array(count).fill(1), validity: null }
  ], count)
  return true
}

function voidPlaces (part: ResolvedRows): { part: ResolvedRows, row: number }[] {
  const places: { part: ResolvedRows, row: number }[] = []
  for (let row = 0; row < part.rows.count; row++) {
    if (part.weight[row] === 1 && part.rows.isVoid[row] === 1) places.push({ part, row })
  }
  return places
}

async function stageRetractions (connection: DuckDBConnection, { retractions }: Resolution): Promise<void> {
  if (retractions.length === 0) return
  await connection.run('create or replace temp table staged_retractions ' +
    '(contract utinyint, is_void utinyint, old_sequence uinteger, new_sequence uinteger)')
  await appendColumns(connection, { catalog: 'temp', table: 'staged_retractions' }, [
    { kind: 'utinyint', data: Uint8Array.from(retractions, ({ contract }) => contract), validity: null },
    { kind: 'utinyint', data: Uint8Array.from(retractions, ({ isVoid }) => isVoid ? 1 : 0), validity: null },
    { kind: 'uinteger', data: Uint32Array.from(retractions, ({ oldSequence }) => oldSequence), validity: null },
    { kind: 'uinteger', data: Uint32Array.from(retractions, ({ newSequence }) => newSequence), validity: null }
  ], retractions.length)
}
