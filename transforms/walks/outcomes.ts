// The closed sets of what is derived, in the order in which the warehouse stores them.

export const SIDES = ['inside', 'abroad'] as const
export const STATES = ['open', 'closed', 'no_end', 'no_begin', 'lapsed'] as const
export const MIGRANT_OUTCOMES = ['migrant', 'not_migrant', 'not_a_change', 'undetermined'] as const
export const COVERAGE_OUTCOMES = ['within_24h', 'later', 'never'] as const

export const INSIDE = SIDES.indexOf('inside')
export const ABROAD = SIDES.indexOf('abroad')

export const OPEN = STATES.indexOf('open')
export const CLOSED = STATES.indexOf('closed')
export const NO_END = STATES.indexOf('no_end')
export const NO_BEGIN = STATES.indexOf('no_begin')
export const LAPSED = STATES.indexOf('lapsed')

export const MIGRANT = MIGRANT_OUTCOMES.indexOf('migrant')
export const NOT_MIGRANT = MIGRANT_OUTCOMES.indexOf('not_migrant')
export const NOT_A_CHANGE = MIGRANT_OUTCOMES.indexOf('not_a_change')
export const UNDETERMINED = MIGRANT_OUTCOMES.indexOf('undetermined')

export const WITHIN_24H = COVERAGE_OUTCOMES.indexOf('within_24h')
export const LATER = COVERAGE_OUTCOMES.indexOf('later')
export const NEVER = COVERAGE_OUTCOMES.indexOf('never')

/** No outcome: the stay has no such event, or is not counted. */
export const NONE = -1
