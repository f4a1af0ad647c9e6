// Moving positions in the transaction that loads their rows.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../../core/database.ts'
import { BorderflowError } from '../../../core/errors.ts'
import { loadSql } from '../../../core/sql.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'

const FOLDER = 'sinks/warehouse/load'
const SQL = { take: loadSql(`${FOLDER}/take-positions.sql`), put: loadSql(`${FOLDER}/put-positions.sql`) }

/** A row of the table; its offsets are whole numbers that fit 53 bits. */
interface PositionRow {
  source: string, partition: string, start_offset: number, next_offset: number, ended: boolean
  last_offset: number | null, last_timestamp_ms: number | null, last_digest: string | null
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

/**
 * Moves positions. Throws POSITION_STALE if one is not where its move begins. They go in and out as JSON, one text for
 * all: every value and column that is bound or read by itself is some objects of DuckDB's client, which end together
 * when the collector of garbage finds them, and hold the event loop.
 */
export async function advancePositions (connection: DuckDBConnection, advances: readonly Advance[]): Promise<void> {
  if (advances.length === 0) return
  const moves = advances.map(({ source, partition, firstOffset }) => ({ source, partition, first_offset: firstOffset }))
  const taken = (await readRows<{ position: string }>(connection, SQL.take, { moves: JSON.stringify(moves) }))
    .map(({ position }) => JSON.parse(position) as PositionRow)
  const positions = advances.map(advance => {
    const { source, partition } = advance
    const [before, ...others] = taken.filter(row => row.source === source && row.partition === partition)
    if (before === undefined || others.length > 0) throw stalePosition(advance)
    return moved(before, advance)
  })
  await connection.run(SQL.put, { positions: JSON.stringify(positions) })
}

function moved (before: PositionRow, { nextOffset, endsPartition, lastRecord }: Advance): PositionRow {
  return {
    ...before,
    next_offset: nextOffset,
    ended: before.ended || endsPartition,
    ...(lastRecord === undefined
      ? {}
      : { last_offset: lastRecord.offset, last_timestamp_ms: lastRecord.timestampMs, last_digest: lastRecord.digest })
  }
}

function stalePosition ({ source, partition, firstOffset }: Advance): BorderflowError {
  return new BorderflowError('POSITION_STALE', {
    expected: `the stored position ${firstOffset}`,
    found: 'another one',
    where: `${source} ${partition}`,
    remedy: 'Another writer has changed this warehouse: stop it, and start again.'
  })
}
