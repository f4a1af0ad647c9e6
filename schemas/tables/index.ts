// The published tables, in the order of docs/method.md §11, and finding one by its id.
import { BorderflowError } from '../../core/errors.ts'
import type { TableDeclaration } from './declaration.ts'
import { dataQuality } from './data-quality.ts'
import { extensions } from './extensions.ts'
import { feedHealth } from './feed-health.ts'
import { flowsHourly } from './flows-hourly.ts'
import { flows } from './flows.ts'
import { migrants } from './migrants.ts'
import { minors } from './minors.ts'
import { nearest } from './nearest.ts'
import { overstayRate } from './overstay-rate.ts'
import { overstays } from './overstays.ts'
import { refusals } from './refusals.ts'
import { registrationCoverage } from './registration-coverage.ts'
import { registrations } from './registrations.ts'
import { returnees } from './returnees.ts'
import { staysSummary } from './stays-summary.ts'
import { stock } from './stock.ts'
import { visitors } from './visitors.ts'

export {
  type Population, type TableDeclaration, type TableDimension, type TableMeasure, type Unit
} from './declaration.ts'
export { nearest } from './nearest.ts'

export const tables: readonly TableDeclaration[] = [
  flows, flowsHourly, staysSummary, stock, overstays, overstayRate, registrationCoverage, visitors, migrants, minors,
  returnees, refusals, extensions, registrations, dataQuality, feedHealth
]

const byId: ReadonlyMap<string, TableDeclaration> = new Map(tables.map(table => [table.id, table]))

/** The declaration of a table. Throws TABLE_UNKNOWN, with the nearest id there is. */
export function tableDeclaration (id: string): TableDeclaration {
  const declaration = byId.get(id)
  if (declaration !== undefined) return declaration
  const ids = [...byId.keys()]
  // What is asked for may come from outside the program, where nothing holds it to being text.
  const asked = String(id).slice(0, 64)
  const suggestion = nearest(asked, ids)
  throw new BorderflowError('TABLE_UNKNOWN', {
    expected: `one of the tables ${ids.join(', ')}`,
    found: JSON.stringify(asked),
    remedy: suggestion === undefined ? 'See `borderflow tables`.' : `Did you mean ${suggestion}?`
  })
}
