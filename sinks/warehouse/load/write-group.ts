// The transaction of a group of batches: everything a group changes is in the warehouse, or nothing of it.
import { type DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../../core/chunk-writer.ts'
import { readRows, transaction } from '../../../core/database.ts'
import { failpoint } from '../../../core/failpoint.ts'
import { appendRows, bigint, date, text } from '../../../core/row-appender.ts'
import { loadSql } from '../../../core/sql.ts'
import { type DecodedBatch } from '../../../schemas/decoded-batch.ts'
import { type SealPayload } from '../../quarantine/seal.ts'
import { type IdIndex } from '../id-index.ts'
import { accountBatch, messageOutcomes, type AccountingRow, type MessageOutcomes } from './accounting.ts'
import { advancePosition } from './advance-position.ts'
import { factStatements } from './fact-statements.ts'
import { appendQuarantine, appendReceipts, type QuarantinedMessage } from './leftovers.ts'
import { resolveGroup, type Resolution, type StoredImage } from './resolve.ts'
import { stageGroup } from './stage.ts'

const FOLDER = 'sinks/warehouse/load'
const SQL = {
  retractVoids: loadSql(`${FOLDER}/retract-voids.sql`),
  moveVoids: loadSql(`${FOLDER}/move-voids.sql`),
  crossingFlows: loadSql(`${FOLDER}/crossing-flows.sql`),
  crossingHours: loadSql(`${FOLDER}/crossing-hours.sql`),
  tallyFlows: loadSql(`${FOLDER}/tally-flows.sql`)
}
const CROSSING = 0
const TALLY = 1

export interface GroupContext {
  connection: DuckDBConnection
  index: IdIndex
  seal: SealPayload
  /** Milliseconds since 1970, one reading for the group. */
  nowMs: number
  firstSequence: number
}

export interface WrittenGroup {
  nextSequence: number
  outcomes: MessageOutcomes[]
  /** What was appended to the accounting. */
  accounting: AccountingRow[]
  quarantined: QuarantinedMessage[]
}

/**
 * Loads a group of batches, each of which begins at the stored position of its partition.
 * If it throws, the transaction was rolled back but the index may hold ids of it: the writer must not go on.
 */
export async function writeGroup (batches: readonly DecodedBatch[], context: GroupContext): Promise<WrittenGroup> {
  const { connection, index, firstSequence } = context
  const resolution = await resolveGroup(batches, index, firstSequence,
    async (contract, sequences) => await readImages(connection, contract, sequences))
  const outcomes = batches.map((batch, number) =>
    messageOutcomes(batch, resolution.resolved.filter(part => part.batch === number)))
  const accounting = batches.flatMap((batch, number) => accountBatch(batch, outcomes[number] as MessageOutcomes))
  const quarantined = await transaction(connection, async () => {
    failpoint('group-begun')
    for (const batch of batches) await advancePosition(connection, batch)
    failpoint('group-positions-advanced')
    await writeFacts(connection, resolution)
    failpoint('group-rows-moved')
    await writeAccounting(connection, accounting)
    await appendReceipts(connection, batches, outcomes)
    const leftOver = await appendQuarantine(context, batches, resolution)
    failpoint('group-complete')
    return leftOver
  })
  failpoint('group-committed')
  return { nextSequence: resolution.nextSequence, outcomes, accounting, quarantined }
}

/** Stages and moves what a resolution found, and changes the flows by it. */
export async function writeFacts (connection: DuckDBConnection, resolution: Resolution): Promise<void> {
  const { contracts, hasVoids } = await stageGroup(connection, resolution)
  failpoint('group-staged')
  const retracts = resolution.retractions.length > 0
  for (const contract of contracts) {
    const statements = factStatements[contract]!
    if (retracts) await connection.run(statements.retract)
    await connection.run(statements.move)
    if (contract === CROSSING) {
      await connection.run(SQL.crossingFlows)
      await connection.run(SQL.crossingHours)
    } else if (contract === TALLY) {
      await connection.run(SQL.tallyFlows)
    }
  }
  if (hasVoids) {
    if (retracts) await connection.run(SQL.retractVoids)
    await connection.run(SQL.moveVoids)
  }
}

/** Appends changes of the accounting. */
export async function writeAccounting (connection: DuckDBConnection, rows: readonly AccountingRow[]): Promise<void> {
  await appendRows(connection, 'accounting', rows.map(row => [
    date(row.receivedDay), text(row.source), text(row.partition), text(row.contract), text(row.kind),
    text(row.reason), bigint(row.messages)
  ]))
}

/** Reads stored images by sequence. */
export async function readImages (
  connection: DuckDBConnection, contract: number, sequences: readonly number[]
): Promise<Map<number, StoredImage>> {
  await connection.run('create or replace temp table wanted_sequences (sequence uinteger)')
  await appendColumns(connection, { catalog: 'temp', table: 'wanted_sequences' },
    [{ kind: 'uinteger', data: Uint32Array.from(sequences), validity: null }], sequences.length)
  const rows = await readRows<{
    sequence: number, record_id: string, revision: number, fingerprint: string, is_void: boolean
  }>(connection, factStatements[contract]!.readImages)
  return new Map(rows.map(row => [row.sequence, {
    recordId: row.record_id, revision: row.revision, isVoid: row.is_void, fingerprint: row.fingerprint
  }]))
}
