// The transaction of a group of batches: everything a group changes is in the warehouse, or nothing of it.
import type { DuckDBConnection } from '@duckdb/node-api'
import { transaction } from '../../../core/database.ts'
import { failpoint } from '../../../core/failpoint.ts'
import { appendRows, bigint, date, text } from '../../../core/row-appender.ts'
import { createSlices } from '../../../core/slices.ts'
import { loadSql } from '../../../core/sql.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'
import type { SealPayload } from '../../quarantine/seal.ts'
import type { IdIndex } from '../id-index.ts'
import { accountBatch, messageOutcomes, type AccountingRow, type MessageOutcomes } from './accounting.ts'
import { advancePositions, advancesOf } from './advance-positions.ts'
import { factStatements, since } from './fact-statements.ts'
import { appendQuarantine, appendReceipts, type QuarantinedMessage } from './leftovers.ts'
import { rangesOf } from './ranges.ts'
import { readImages } from './read-images.ts'
import { resolveGroup, type Resolution } from './resolve.ts'
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
  const outcomes: MessageOutcomes[] = []
  const accounting: AccountingRow[] = []
  const slices = createSlices()
  for (const [number, batch] of batches.entries()) {
    const outcome = messageOutcomes(batch, resolution.resolved.filter(part => part.batch === number))
    outcomes.push(outcome)
    accounting.push(...accountBatch(batch, outcome))
    if (slices.isOver()) await slices.rest()
  }
  const quarantined = await transaction(connection, async () => {
    failpoint('group-begun')
    await advancePositions(connection, advancesOf(batches))
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

/** Adds what a resolution found to the facts, takes back what it replaces, and changes the flows by both. */
export async function writeFacts (connection: DuckDBConnection, resolution: Resolution): Promise<void> {
  const { contracts, hasVoids } = await stageGroup(connection, resolution)
  failpoint('group-staged')
  for (const contract of contracts) {
    await retractFacts(connection, contract, resolution)
    if (contract === CROSSING) {
      await connection.run(since(SQL.crossingFlows, resolution.firstSequence))
      await connection.run(since(SQL.crossingHours, resolution.firstSequence))
    } else if (contract === TALLY) {
      await connection.run(since(SQL.tallyFlows, resolution.firstSequence))
    }
  }
  if (hasVoids) {
    if (resolution.retractions.length > 0) await connection.run(SQL.retractVoids)
    await connection.run(SQL.moveVoids)
  }
}

async function retractFacts (
  connection: DuckDBConnection, contract: number, { retractions }: Resolution
): Promise<void> {
  const replaced = retractions.filter(retraction => retraction.contract === contract && !retraction.isVoid)
  for (const range of rangesOf(replaced.map(({ oldSequence }) => oldSequence))) {
    await connection.run(factStatements[contract]!.retract(range))
  }
}

/** Appends changes of the accounting. */
export async function writeAccounting (connection: DuckDBConnection, rows: readonly AccountingRow[]): Promise<void> {
  await appendRows(connection, 'accounting', rows.map(row => [
    date(row.receivedDay), text(row.source), text(row.partition), text(row.contract), text(row.kind),
    text(row.reason), bigint(row.messages)
  ]))
}
