// What must always be true, checked over everything: the loading's own books, and the derived tables row by row.
import * as z from 'zod'
import { verifyAll } from '../../dags/upkeep/verify.ts'
import { operation } from './operation.ts'

export const verifyOperation = operation('verify', z.strictObject({}), async runtime => ({
  value: await verifyAll(runtime)
}))
