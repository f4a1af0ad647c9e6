// Gaps: offsets that can no longer be read. A partition stands still in front of one until a person accepts it.
import * as z from 'zod'
import { acceptGap, readGaps } from '../../sinks/warehouse/positions.ts'
import { operation } from './operation.ts'

export const gapList = operation('gap.list', z.strictObject({}), async ({ warehouse }) => ({
  value: await warehouse.read(readGaps)
}))

export const gapAccept = operation('gap.accept', z.strictObject({ id: z.string() }),
  async ({ warehouse, clock }, { id }, { person }) => {
    const gap = await warehouse.exclusive(async connection => await acceptGap(connection, id, person, clock.now()))
    await warehouse.refreshPositions()
    return { value: gap }
  })
