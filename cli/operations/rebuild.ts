// Recomputing the derived tables from the facts.
import * as z from 'zod'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'
import { tableDeclaration } from '../../schemas/tables/index.ts'
import { operation } from './operation.ts'

/** Tables are derived together, from the same walk: naming one checks its name and rebuilds all. */
export const rebuildOperation = operation('rebuild', z.strictObject({
  table: z.string().optional(), asOf: z.string().optional()
}), async ({ derivation }, { table, asOf }) => {
  if (table !== undefined) tableDeclaration(table)
  const day = asOf === undefined ? undefined : parseDay(asOf)
  if (day === null) {
    throw new BorderflowError('QUERY_INVALID', { expected: 'a date YYYY-MM-DD', found: String(asOf), where: 'as-of' })
  }
  const state = await derivation.rebuild({ asOf: day })
  return { value: { asOf: formatDay(state.asOf), travellers: state.travellers, derivedThrough: state.derivedThrough } }
})
