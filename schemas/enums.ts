// The closed sets of docs/method.md §1, in the order in which the warehouse stores them (DuckDB enums cannot be
// extended: a value may only ever be added by a migration that rewrites the type). `unknown` is the value of what is
// absent.

export const ENUMS = {
  direction: ['arrival', 'exit'],
  decision: ['admitted', 'refused'],
  travel_mode: ['air', 'land', 'sea', 'river'],
  document_type: ['passport', 'border_pass', 'travel_document', 'emergency', 'other'],
  sex: ['F', 'M', 'X', 'U'],
  age_band: [
    'unknown', '0', '1-4', '5-9', '10-14', '15-17', '18-19', '20-24', '25-29', '30-34', '35-39', '40-44', '45-49',
    '50-54', '55-59', '60-64', '65-69', '70-74', '75-79', '80-84', '85+'
  ],
  accompaniment: ['unknown', 'parent', 'guardian', 'other_adult', 'none'],
  purpose: [
    'unknown', 'holiday', 'visit', 'education', 'health', 'religion', 'shopping', 'transit', 'business', 'employment',
    'other'
  ],
  returnee_reason: ['voluntary', 'deported', 'crisis', 'other'],
  returnee_nea: ['requested', 'declined', 'registered'],
  registration_channel: ['app', 'police_station', 'online'],
  registration_reporter: ['owner', 'landlord', 'manager', 'self'],
  accommodation_type: ['hotel', 'guesthouse', 'rental', 'private', 'employer', 'other']
} as const satisfies Record<string, readonly string[]>

export type EnumName = keyof typeof ENUMS
export type EnumValue<N extends EnumName> = (typeof ENUMS)[N][number]

/** Ordinal of each value of a set, as DuckDB stores it. */
export function enumOrdinals (name: EnumName): ReadonlyMap<string, number> {
  return new Map(ENUMS[name].map((value, ordinal) => [value, ordinal]))
}

/** The sets that only a message may use: `unknown` and `U` stand for absence and are no values of a message. */
export function messageValues<N extends EnumName> (name: N): [string, ...string[]] {
  const values = ENUMS[name].filter(value => value !== 'unknown' && value !== 'U')
  return values as [string, ...string[]]
}
