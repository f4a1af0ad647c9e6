// Everything that must always be true: the books of loading, and the derived tables row by row. Whoever asks, what is
// found is kept as the state of integrity.
import type { Clock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import type { Control } from '../../sinks/control/control.ts'
import { recordIntegrity } from '../../sinks/control/integrity.ts'
import { verify, type CheckResult } from '../../sinks/verify/verify.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import type { Derivation } from '../derivation/derivation.ts'
import type { Verified } from '../derivation/verify.ts'
import type { Task } from '../engine/dag.ts'
import { waitForQuiet, type Yielding } from './yielding.ts'

export interface VerifyDeps {
  warehouse: Pick<Warehouse, 'read'>
  derivation: Pick<Derivation, 'verify'>
  control: Control
  clock: Clock
}

const TIMEOUT_MS = 3 * 60 * 60_000

/** Runs every check and records what each found. Rows are shown of the books only: the others are of travellers. */
export async function verifyAll (deps: VerifyDeps, signal?: AbortSignal): Promise<CheckResult[]> {
  const books = await deps.warehouse.read(async connection => {
    const interrupt = (): void => { connection.interrupt() }
    signal?.addEventListener('abort', interrupt)
    try {
      return await verify(connection)
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  })
  signal?.throwIfAborted()
  const checks = [...books, ...derivedChecks(await deps.derivation.verify(signal))]
  await recordIntegrity(deps.control, checks, deps.clock.now())
  return checks
}

/** Verifies; fails, for good, with the names of the checks that found differences. */
export function verifyTask (deps: VerifyDeps, yielding: Yielding): Task {
  return {
    name: 'verify',
    timeoutMs: TIMEOUT_MS,
    async run ({ signal }) {
      await waitForQuiet(yielding, signal)
      const checks = await verifyAll(deps, signal)
      const broken = checks.filter(({ differences }) => differences > 0)
      if (broken.length > 0) {
        throw new BorderflowError('CHECKS_DIFFER', {
          expected: 'no differences',
          found: broken.map(({ check, differences }) => `${check} (${differences})`).join(', '),
          remedy: 'See `borderflow verify`; where only derived tables differ, `borderflow rebuild` mends them.'
        })
      }
      return { checks: checks.length }
    }
  }
}

/** The derived tables' differences as checks; rows are counted and never shown. */
function derivedChecks ({ differentRows, broken }: Verified): CheckResult[] {
  return Object.entries({
    ...Object.fromEntries(Object.entries(differentRows).map(([table, rows]) => [`recomputed ${table}`, rows])),
    'stock-identity': broken.stock,
    'stay-ends': broken.stayEnds
  }).map(([check, differences]) => ({ check, differences, rows: [] }))
}
