// What must always be true, checked over everything: the loading's own books, and the derived tables row by row.
import * as z from 'zod'
import { type Verified } from '../../dags/derivation/verify.ts'
import { verify, type CheckResult } from '../../sinks/verify/verify.ts'
import { operation } from './operation.ts'

export const verifyOperation = operation('verify', z.strictObject({}), async ({ warehouse, derivation }) => {
  const loading = await warehouse.read(async connection => await verify(connection))
  return { value: [...loading, ...derivedChecks(await derivation.verify())] }
})

/** The derived tables' differences as checks; rows are counted and never shown, for they are of travellers. */
function derivedChecks ({ differentRows, broken }: Verified): CheckResult[] {
  return Object.entries({
    ...Object.fromEntries(Object.entries(differentRows).map(([table, rows]) => [`recomputed ${table}`, rows])),
    'stock-identity': broken.stock,
    'stay-ends': broken.stayEnds
  }).map(([check, differences]) => ({ check, differences, rows: [] }))
}
