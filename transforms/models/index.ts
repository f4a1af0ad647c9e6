// The models in the order in which they read each other.
import { loadSql } from '../../core/sql.ts'

export interface Model {
  name: string
  /** A select without a terminator. */
  sql: string
}

const BASE = [
  'checkpoint_codes', 'state_codes', 'province_codes', 'visa_class_codes', 'refusal_reason_codes',
  'current_crossings', 'current_tallies', 'current_extensions', 'current_registrations',
  'flows', 'flows_hourly', 'refusals', 'minors', 'returnees', 'registrations', 'message_quality'
] as const

const DERIVED = [
  'stays_summary', 'stock', 'overstays', 'overstay_rate', 'registration_coverage', 'visitors', 'migrants', 'extensions',
  'data_quality', 'feed_health'
] as const

const load = (name: string): Model => ({ name, sql: loadSql(`transforms/models/${name}.sql`) })

/** The models that read the tables the walks write, and so are as of the date through which those are computed. */
export const derivedModels: readonly Model[] = DERIVED.map(load)

/** Every model, each after those it reads. */
export const models: readonly Model[] = [...BASE.map(load), ...derivedModels]
