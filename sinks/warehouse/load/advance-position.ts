// Moving a position in the transaction that loads its rows.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../../core/database.ts'
import { BorderflowError } from '../../../core/errors.ts'
import { loadSql } from '../../../core/sql.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'

const FOLDER = 'sinks/warehouse/load'
const SQL = { take: loadSql(`${FOLDER}/take-position.sql`), put: loadSql(`${FOLDER}/put-position.sql`) }

interface PositionRow {
  start_offset: bigint, ended: boolean
  last_offset: bigint | null, last_timestamp_ms: bigint | null, last_digest: string | null
}

/** A move of one partition's position. */
export type Advance = Pick<DecodedBatch,
  'source' | 'partition' | 'firstOffset' | 'nextOffset' | 'endsPartition' | 'lastRecord'>

/** The moves of a group, one for each partition: every batch begins where the one before it ended. */
export function advancesOf (batches: readonly Advance[]): Advance[] {
  const advances = new Map<string, Advance>()
  for (const { source, partition, firstOffset, nextOffset, endsPartition, lastRecord } of batches) {
    const key = `${source}\u001f${partition}`
    const before = advances.get(key)
    advances.set(key, {
      source,
      partition,
      firstOffset: before?.firstOffset ?? firstOffset,
      nextOffset,
      endsPartition: endsPartition || before?.endsPartition === true,
      lastRecord: lastRecord ?? before?.lastRecord
    })
  }
  return [...advances.values()]
}

/** Moves a position. Throws POSITION_STALE if it is not where the move begins. */
export async function advancePosition (connection: DuckDBConnection, advance: Advance): Promise<void> {
  const { source, partition, firstOffset, nextOffset, endsPartition, lastRecord } = advance
  const [before, ...others] = await readRows<PositionRow>(connection, SQL.take, {
    source, partition, first_offset: BigInt(firstOffset)
  })
  if (before === undefined || others.length > 0) {
    throw new BorderflowError('POSITION_STALE', {
      expected: `the stored position ${firstOffset}`,
      found: 'another one',
      where: `${source} ${partition}`,
      remedy: 'Another writer has changed this warehouse: stop it, and start again.'
    })
  }
  await connection.run(SQL.put, {
    source,
    partition,
    start_offset: before.start_offset,
    next_offset: BigInt(nextOffset),
    ended: before.ended || endsPartition,
    last_offset: lastRecord === undefined ? before.last_offset : BigInt(lastRecord.offset),
    last_timestamp_ms: lastRecord === undefined ? before.last_timestamp_ms : BigInt(lastRecord.timestampMs),
    last_digest: lastRecord?.digest ?? before.last_digest
  })
}
