// The quarantine: listing, showing with values masked, replaying, discarding.
import { isUtf8 } from 'node:buffer'
import * as z from 'zod'
import { replayQuarantine } from '../../dags/quarantine/replay.ts'
import { countEntries, discardEntries, listEntries, openEntry, readEntry } from '../../sinks/quarantine/entries.ts'
import { maskPayload } from '../../sinks/quarantine/mask.ts'
import { operation } from './operation.ts'

const filter = z.strictObject({
  id: z.string().optional(),
  reason: z.string().optional(),
  state: z.enum(['open', 'replayed', 'discarded']).optional(),
  limit: z.int().min(1).optional()
})

export const quarantineList = operation('quarantine.list', filter, async ({ warehouse }, given) => ({
  value: await warehouse.read(async connection => ({
    counts: await countEntries(connection),
    entries: await listEntries(connection, given)
  }))
}))

export const quarantineShow = operation('quarantine.show', z.strictObject({ id: z.string() }),
  async ({ warehouse }, { id }) => ({
    value: await warehouse.read(async connection => {
      const entry = await readEntry(connection, id)
      if (entry.state !== 'open') return { entry, shape: null }
      return { entry, shape: maskPayload(await openEntry(connection, warehouse.open, entry)) }
    })
  }))

/** A message as it came: personal data. Who asks, for what reason, is in the audit log before it is opened. */
export const quarantineReveal = operation('quarantine.reveal',
  z.strictObject({ id: z.string(), why: z.string().trim().min(10).max(500) }), async ({ warehouse }, { id }) => ({
    value: await warehouse.read(async connection => {
      const payload = Buffer.from(await openEntry(connection, warehouse.open, await readEntry(connection, id)))
      return isUtf8(payload)
        ? { payload: payload.toString('utf8'), encoding: 'utf8' }
        : { payload: payload.toString('base64'), encoding: 'base64' }
    })
  }))

const chosen = z.strictObject({ id: z.string().optional(), reason: z.string().optional() })

export const quarantineReplay = operation('quarantine.replay', chosen, async ({ warehouse }, given) => ({
  value: await warehouse.read(async connection => await replayQuarantine(warehouse, connection, given))
}))

export const quarantineDiscard = operation('quarantine.discard', chosen, async ({ warehouse, clock }, given) => ({
  value: {
    discarded: await warehouse.exclusive(async connection => await discardEntries(connection, given, clock.now()))
  }
}))
