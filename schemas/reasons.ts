// What becomes of a message (docs/method.md §1.4): its outcome and, for a quarantined one, the first reason that
// applies.

/** Outcomes in the order in which their ordinals are stored. */
export const OUTCOMES = ['loaded', 'duplicate', 'superseded', 'quarantined'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Reasons for quarantine in the order in which they are tried; the ordinal 0 stands for none. */
export const REASONS = [
  'none', 'empty', 'too_large', 'not_utf8', 'too_deep', 'not_json', 'unknown_contract', 'schema', 'in_future', 'too_old',
  'checkpoint_unknown', 'checkpoint_closed', 'code_unknown', 'date_of_birth_invalid', 'document_invalid',
  'revision_conflict'
] as const
export type Reason = Exclude<(typeof REASONS)[number], 'none'>

/** Ordinal of a reason in REASONS. */
export const REASON_ORDINAL: Readonly<Record<Reason, number>> = Object.fromEntries(
  REASONS.map((reason, ordinal) => [reason, ordinal])) as Record<Reason, number>
