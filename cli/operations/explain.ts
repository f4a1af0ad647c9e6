// What a published table is and where it comes from. The same for every data folder.
import * as z from 'zod'
import { explain } from '../explain/explanation.ts'
import { operation } from './operation.ts'

export const explainOperation = operation('explain', z.strictObject({ table: z.string() }), async (_runtime, { table }) => ({
  value: explain(table)
}))
