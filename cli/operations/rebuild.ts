// Recomputing what is kept of the published tables from the facts.
import * as z from 'zod'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'
import { rebuildFlows } from '../../dags/derivation/rebuild-flows.ts'
import { basisOf } from '../../dags/derivation/what-to-rebuild.ts'
import { tableDeclaration, tables } from '../../schemas/tables/index.ts'
import { operation } from './operation.ts'

/** Answers which tables were recomputed: those that rest on the same stored rows come together. */
export const rebuildOperation = operation('rebuild', z.strictObject({
  table: z.string().optional(), asOf: z.string().optional()
}), async ({ derivation, warehouse }, { table, asOf }) => {
  const day = asOf === undefined ? undefined : parseDay(asOf)
  if (day === null) {
    throw new BorderflowError('QUERY_INVALID', { expected: 'a date YYYY-MM-DD', found: String(asOf), where: 'as-of' })
  }
  const wanted = table === undefined ? ['flows', 'walks'] : [basisOf(tableDeclaration(table).id)]
  const recomputed = tables.map(({ id }) => id).filter(id => wanted.includes(basisOf(id)))
  if (wanted.includes('flows')) await warehouse.exclusive(rebuildFlows)
  if (!wanted.includes('walks')) return { value: { recomputed } }
  const state = await derivation.rebuild({ asOf: day })
  return {
    value: {
      recomputed, asOf: formatDay(state.asOf), travellers: state.travellers, derivedThrough: state.derivedThrough
    }
  }
})
