// The stored positions and the gaps in front of them. Positions advance only in the transaction that loads their rows;
// here they are begun, read, and moved past a gap that a person has accepted.
import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'
import { businessDay } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'
import { appendRows, bigint, instant, text, uuid } from '../../core/row-appender.ts'
import type { StoredPosition } from '../../core/stage.ts'
import { writeAccounting } from './load/write-group.ts'

export interface Gap {
  gapId: string
  source: string
  partition: string
  fromOffset: number
  toOffset: number
  detectedAtMs: number
  acceptedAtMs: number | null
}

interface PositionRow {
  source: string, partition: string, start_offset: bigint, next_offset: bigint
  last_offset: bigint | null, last_timestamp_ms: bigint | null, last_digest: string | null
}

/** The positions of a source, or of all. */
export async function readPositions (connection: DuckDBConnection, source?: string): Promise<StoredPosition[]> {
  const rows = await readRows<PositionRow>(connection,
    'select * from main.positions where $source is null or source = $source', { source: source ?? null })
  return rows.map(row => ({
    source: row.source,
    partition: row.partition,
    startOffset: Number(row.start_offset),
    nextOffset: Number(row.next_offset),
    ...(row.last_offset === null || row.last_timestamp_ms === null || row.last_digest === null
      ? {}
      : {
          lastRecord: {
            offset: Number(row.last_offset), timestampMs: Number(row.last_timestamp_ms), digest: row.last_digest
          }
        })
  }))
}

/** Begins a partition at an offset. The caller has made sure that it is new. */
export async function beginPosition (
  connection: DuckDBConnection, source: string, partition: string, offset: number
): Promise<void> {
  await connection.run(
    'insert into main.positions values ($source, $partition, $offset, $offset, false, null, null, null)',
    { source, partition, offset: BigInt(offset) })
}

/** Records offsets that can no longer be read. A gap that is known already may only have grown. */
export async function recordGap (
  connection: DuckDBConnection, gap: { source: string, partition: string, fromOffset: number, toOffset: number },
  nowMs: number
): Promise<void> {
  const known = (await readGaps(connection)).find(open => open.acceptedAtMs === null && open.source === gap.source &&
    open.partition === gap.partition && open.fromOffset === gap.fromOffset)
  if (known !== undefined) {
    await connection.run('update main.gaps set to_offset = greatest(to_offset, $to) where gap_id::varchar = $id',
      { to: BigInt(gap.toOffset), id: known.gapId })
    return
  }
  await appendRows(connection, 'gaps', [[
    uuid(randomUUID()), text(gap.source), text(gap.partition), bigint(gap.fromOffset), bigint(gap.toOffset),
    instant(nowMs), instant(null), text(null)
  ]])
}

/** All gaps, oldest first. */
export async function readGaps (connection: DuckDBConnection): Promise<Gap[]> {
  const rows = await readRows<{
    gap_id: string, source: string, partition: string, from_offset: bigint, to_offset: bigint
    detected_ms: bigint, accepted_ms: bigint | null
  }>(connection, 'select gap_id::varchar as gap_id, source, partition, from_offset, to_offset, ' +
    'epoch_ms(detected_at) as detected_ms, epoch_ms(accepted_at) as accepted_ms from main.gaps order by detected_at')
  return rows.map(row => ({
    gapId: row.gap_id,
    source: row.source,
    partition: row.partition,
    fromOffset: Number(row.from_offset),
    toOffset: Number(row.to_offset),
    detectedAtMs: Number(row.detected_ms),
    acceptedAtMs: row.accepted_ms === null ? null : Number(row.accepted_ms)
  }))
}

/**
 * Accepts an open gap: its offsets are counted as lost and the partition goes on behind them.
 * @returns the gap. Throws NOT_FOUND, or REFUSED if the partition does not stand at its beginning.
 */
export async function acceptGap (
  connection: DuckDBConnection, gapId: string, person: string, nowMs: number
): Promise<Gap> {
  const gap = (await readGaps(connection))
    .find(candidate => candidate.gapId === gapId && candidate.acceptedAtMs === null)
  if (gap === undefined) {
    throw new BorderflowError('NOT_FOUND', {
      expected: 'the id of an open gap', found: gapId, remedy: 'See `borderflow gap list`.'
    })
  }
  await transaction(connection, async () => {
    const moved = await connection.run('update main.positions set next_offset = $to ' +
      'where source = $source and partition = $partition and next_offset = $from', {
      to: BigInt(gap.toOffset), from: BigInt(gap.fromOffset), source: gap.source, partition: gap.partition
    })
    if (moved.rowsChanged !== 1) {
      throw new BorderflowError('REFUSED', {
        expected: `a partition that stands at ${gap.fromOffset}`,
        found: 'one that stands elsewhere',
        where: `${gap.source} ${gap.partition}`,
        remedy: 'The gap is no longer in front of it; see `borderflow status`.'
      })
    }
    await connection.run('update main.gaps set accepted_at = make_timestamptz($now::bigint * 1000), accepted_by = $person ' +
      'where gap_id = $id::uuid', { now: BigInt(nowMs), person, id: gapId })
    await writeAccounting(connection, [{
      receivedDay: businessDay(nowMs),
      source: gap.source,
      partition: gap.partition,
      contract: 'unknown',
      kind: 'gap',
      reason: 'lost',
      messages: gap.toOffset - gap.fromOffset
    }])
  })
  return gap
}
