// The state of the whole: what is loaded, where every partition stands, what waits for a person.
import * as z from 'zod'
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { packageVersion } from '../../core/package-root.ts'
import { countDeliveries } from '../../sinks/control/alert-deliveries.ts'
import { listAlerts } from '../../sinks/control/alerts.ts'
import type { Control } from '../../sinks/control/control.ts'
import { readIntegrity } from '../../sinks/control/integrity.ts'
import { readListChanges } from '../../sinks/warehouse/list-changes.ts'
import { countEntries } from '../../sinks/quarantine/entries.ts'
import { readGaps, readPositions } from '../../sinks/warehouse/positions.ts'
import { formatDay } from '../../core/civil-date.ts'
import type { DerivationStatus } from '../../dags/derivation/derivation.ts'
import { readState, type DerivationState } from '../../dags/derivation/state.ts'
import { operation } from './operation.ts'

export const statusOperation = operation('status', z.strictObject({}), async ({ warehouse, derivation, dags, control, live }) => ({
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
      lists: await listsStatus(connection, warehouse.lists.digest),
      dags: await dags.status(),
      integrity: await readIntegrity(control),
      alerts: await alertsStatus(control),
      ...(live === undefined ? {} : { live: live() })
    }
  })
}))

/** Open alerts by state, and messages about alerts that wait or were given up. */
async function alertsStatus (control: Control): Promise<object> {
  const open = await listAlerts(control)
  const deliveries = await countDeliveries(control)
  const inState = (state: string): number => open.filter(alert => alert.state === state).length
  const toTell = (state: string): number =>
    deliveries.reduce((sum, row) => sum + (row.state === state ? row.deliveries : 0), 0)
  return {
    firing: inState('firing'),
    noData: inState('no_data'),
    pending: inState('pending'),
    acknowledged: open.filter(({ acknowledgedAtMs }) => acknowledgedAtMs !== null).length,
    deliveriesWaiting: toTell('waiting'),
    deliveriesGivenUp: toTell('given_up')
  }
}

function derivedStatus ({ state, lagSeconds }: DerivationStatus, stored: DerivationState | null): object {
  return {
    state,
    lagSeconds,
    asOf: stored === null ? null : formatDay(stored.asOf),
    derivedThrough: stored?.derivedThrough ?? null,
    derivedAt: stored === null ? null : new Date(stored.derivedAtMs).toISOString()
  }
}

/** The lists in force, their changes, and whether the derived tables still rest on others. */
async function listsStatus (connection: DuckDBConnection, digest: string): Promise<object> {
  const state = await readState(connection)
  return {
    digest,
    rebuildDue: state !== null && state.listsDigest !== digest,
    changes: await readListChanges(connection)
  }
}
