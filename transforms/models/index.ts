// The models in the order in which they read each other.
import { loadSql } from '../../core/sql.ts'

export interface Model {
  name: string
  /** A select without a terminator. */
  sql: string
}

const NAMES = [
  'current_crossings', 'current_tallies', 'current_extensions', 'current_registrations',
  'flows', 'flows_hourly', 'refusals', 'minors', 'returnees', 'registrations', 'message_quality'
] as const

/** Every model, each after those it reads. */
export const models: readonly Model[] = NAMES.map(name => ({ name, sql: loadSql(`transforms/models/${name}.sql`) }))
