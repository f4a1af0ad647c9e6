// The sentences that several tables share: how figures are protected before publication, and when they change.

export const PROTECTED = 'Counts of persons: published only after protection and audit, by the one method of the ' +
  'population.'
export const NOT_PERSONAL = 'Counts of messages, not of persons: nothing is hidden.'

export const REVISED_BY_EVENTS = 'Provisional while late or corrected events may arrive; every release is a vintage ' +
  'that states what changed since the one before.'
export const REVISED_BY_STAYS = 'Recomputed from all events up to the as-of date: a later exit, extension or ' +
  'correction may change any earlier period. Every release is a vintage that states what changed.'
export const FINAL_AFTER_16_MONTHS = 'Provisional until 487 days after the month, when the 12/16-month rule is ' +
  'settled; revised in between at each release.'
export const NOT_RELEASED = 'Counts what arrived when it arrived; changes only where a quarantined message is replayed.'
