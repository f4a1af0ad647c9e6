// A backup of the open warehouse. Restoring is no operation: nothing may be open then.
import * as z from 'zod'
import { backup } from '../../sinks/warehouse/backup.ts'
import { operation } from './operation.ts'

export const backupOperation = operation('backup', z.strictObject({ folder: z.string().min(1) }),
  async ({ warehouse, derivation, clock, live }, { folder }) => {
    // The copy is of a file that nobody writes: loading waits its turn, deriving is stopped meanwhile.
    await derivation.stop()
    try {
      return { value: await backup(warehouse, folder, clock.now()) }
    } finally {
      if (live !== undefined) await derivation.start()
    }
  })
