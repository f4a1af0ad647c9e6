// The state of the whole: what is loaded, where every partition stands, what waits for a person.
import * as z from 'zod'
import { readRows } from '../../core/database.ts'
import { packageVersion } from '../../core/package-root.ts'
import { countEntries } from '../../sinks/quarantine/entries.ts'
import { readGaps, readPositions } from '../../sinks/warehouse/positions.ts'
import { formatDay } from '../../core/civil-date.ts'
import { type DerivationStatus } from '../../dags/derivation/derivation.ts'
import { readState, type DerivationState } from '../../dags/derivation/state.ts'
import { operation } from './operation.ts'

export const statusOperation = operation('status', z.strictObject({}), async ({ warehouse, derivation, live }) => ({
  value: await warehouse.read(async connection => {
    const totals = await readRows<{ kind: string, messages: bigint }>(connection,
      'select kind, sum(messages)::bigint as messages from main.accounting group by kind order by kind')
    const gaps = await readGaps(connection)
    return {
      version: packageVersion,
      warehouse: warehouse.id,
      running: live !== undefined,
      messages: Object.fromEntries(totals.map(({ kind, messages }) => [kind, Number(messages)])),
      quarantineOpen: (await countEntries(connection)).filter(({ state }) => state === 'open')
        .reduce((sum, { messages }) => sum + messages, 0),
      gapsOpen: gaps.filter(gap => gap.acceptedAtMs === null).length,
      walBytes: warehouse.walBytes(),
      idIndex: warehouse.indexSize(),
      positions: (await readPositions(connection)).map(({ source, partition, startOffset, nextOffset }) =>
        ({ source, partition, startOffset, nextOffset })),
      derived: derivedStatus(derivation.status(), await readState(connection)),
      ...(live === undefined ? {} : { live: live() })
    }
  })
}))

function derivedStatus ({ state, lagSeconds }: DerivationStatus, stored: DerivationState | null): object {
  return {
    state,
    lagSeconds,
    asOf: stored === null ? null : formatDay(stored.asOf),
    derivedThrough: stored?.derivedThrough ?? null,
    derivedAt: stored === null ? null : new Date(stored.derivedAtMs).toISOString()
  }
}
