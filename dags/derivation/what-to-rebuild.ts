// What recomputing a published table takes: which of the stored tables it rests on, and which others come with it.

export type Basis = 'walks' | 'flows' | 'facts'

const FLOWS = ['flows', 'flows_hourly']
/** Computed from facts or accounting whenever they are asked for: nothing of them is stored. */
const AT_READING = ['refusals', 'minors', 'returnees', 'registrations', 'feed_health']

/** What a published table is computed from. */
export function basisOf (table: string): Basis {
  if (FLOWS.includes(table)) return 'flows'
  return AT_READING.includes(table) ? 'facts' : 'walks'
}
