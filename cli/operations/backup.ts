// A backup of the open warehouse. Restoring is no operation: nothing may be open then.
import * as z from 'zod'
import { backup } from '../../sinks/warehouse/backup.ts'
import { operation } from './operation.ts'

export const backupOperation = operation('backup', z.strictObject({ folder: z.string().min(1) }),
  async ({ warehouse, clock }, { folder }) => ({ value: await backup(warehouse, folder, clock.now()) }))
