// The positions as the writer holds them in memory: which batches begin where their partition stands, and the advance
// behind those that were written.
import type { StoredPosition } from '../../core/stage.ts'
import type { DecodedBatch } from '../../schemas/decoded-batch.ts'

export type PositionMap = Map<string, StoredPosition>

/** The key of a partition in the map. */
export const positionKey = (source: string, partition: string): string => `${source}\u001f${partition}`

/** Positions by partition. */
export function positionMap (positions: readonly StoredPosition[]): PositionMap {
  return new Map(positions.map(position => [positionKey(position.source, position.partition), position]))
}

/** Batches that begin where their partition stands, counting those before them in the group; the others are stale. */
export function splitStale (
  batches: readonly DecodedBatch[], positions: ReadonlyMap<string, StoredPosition>
): { current: DecodedBatch[], stale: Set<DecodedBatch> } {
  const next = new Map<string, number>()
  const current: DecodedBatch[] = []
  const stale = new Set<DecodedBatch>()
  for (const batch of batches) {
    const key = positionKey(batch.source, batch.partition)
    const expected = next.get(key) ?? positions.get(key)?.nextOffset
    if (expected === batch.firstOffset) {
      current.push(batch)
      next.set(key, batch.nextOffset)
    } else {
      stale.add(batch)
    }
  }
  return { current, stale }
}

/** Moves the position of a batch's partition behind the batch. */
export function advance (positions: PositionMap, batch: DecodedBatch): void {
  const key = positionKey(batch.source, batch.partition)
  const position = positions.get(key) as StoredPosition
  positions.set(key, {
    ...position, nextOffset: batch.nextOffset, ...(batch.lastRecord ? { lastRecord: batch.lastRecord } : {})
  })
}
