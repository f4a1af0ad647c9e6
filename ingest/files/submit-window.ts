// A taker in front of the loader that lets a source read ahead by a few batches and no more, and that turns the first
// batch that failed or was dropped into an error for the source.
import { BorderflowError } from '../../core/errors.ts'
import type { BatchOutcome, BatchTaker, RawBatch } from '../../core/stage.ts'

export interface SubmitWindow extends BatchTaker {
  /** Waits until every batch is durable. Throws the first failure. */
  drain(): Promise<void>
}

/**
 * At most `batchesMax` undurable batches at a time. `submit` throws the failure of an earlier batch; a batch that was
 * dropped because its first offset was not the stored one is the failure POSITION_STALE.
 */
export function createSubmitWindow (taker: BatchTaker, batchesMax: number): SubmitWindow {
  const undurable = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined

  function check (): void {
    if (failure !== undefined) throw failure.error
  }

  return {
    async submit (batch) {
      while (undurable.size >= batchesMax) await Promise.race(undurable)
      check()
      const accepted = await taker.submit(batch)
      const durable = accepted.durable.then(outcome => applied(outcome, batch))
      const settled = durable
        .then(() => {}, (error: unknown) => { failure ??= { error } })
        .finally(() => undurable.delete(settled))
      undurable.add(settled)
      return { durable }
    },
    async drain () {
      while (undurable.size > 0) await Promise.all(undurable)
      check()
    }
  }
}

function applied (outcome: BatchOutcome, batch: RawBatch): BatchOutcome {
  if (outcome.applied) return outcome
  throw new BorderflowError('POSITION_STALE', {
    expected: `offset ${batch.firstOffset} to be the stored position`,
    found: 'another one: the batch changed nothing',
    where: `${batch.source} ${batch.partition}`,
    remedy: 'Only one loader may feed a warehouse. A restart reads on from the stored position.'
  })
}
