// The codes of the contracts that the simulator writes, by number: a message in waiting holds the number.

export const CONTRACTS = ['gdi.crossing.v1', 'gdi.tally.v1', 'gdi.extension.v1', 'fpcs.registration.v1'] as const
export type Contract = typeof CONTRACTS[number]
export const CROSSING = 0
export const TALLY = 1
export const EXTENSION = 2
export const REGISTRATION = 3

export const DIRECTIONS = ['arrival', 'exit'] as const
export const ARRIVAL = 0
export const EXIT = 1

export const PURPOSES = [
  'holiday', 'visit', 'education', 'health', 'religion', 'shopping', 'transit', 'business', 'employment', 'other'
] as const
export const HOLIDAY = 0
export const VISIT = 1
export const SHOPPING = 5
export const BUSINESS = 7
export const EMPLOYMENT = 8
export const OTHER_PURPOSE = 9

export const DOCUMENTS = ['passport', 'border_pass', 'travel_document', 'emergency', 'other'] as const
export const PASSPORT = 0
export const BORDER_PASS = 1

export const VISAS = [
  '', 'T', 'E', 'EB', 'EG', 'ER', 'ES', 'ET', 'K', 'A', 'B', 'C', 'D', 'G', 'exempt', 'border_pass'
] as const
export const NO_VISA = 0
export const VISA_T = 1
export const VISA_E = 2
export const VISA_EB = 3
export const VISA_K = 8
export const VISA_A = 9
export const VISA_D = 12
export const VISA_EXEMPT = 14
export const VISA_BORDER_PASS = 15

/** Number 0 stands for none: the list of definitions §12 follows. */
export const REFUSALS = [
  '', 'no_document', 'false_document', 'no_visa', 'false_visa', 'purpose_not_justified', 'no_means',
  'overstay_history', 'watch_list', 'public_order', 'health', 'minor_unaccompanied', 'other'
] as const
export const MINOR_UNACCOMPANIED = 11

export const SEXES = ['F', 'M', 'X', '<'] as const

/** Why somebody crosses: what decides age, sex, stay and whether they come back. */
export const VISITOR = 0
export const RESIDENT = 1
export const COMMUTER = 2
export const TRAVELLER = 3
export const WORKER = 4
export const RETURNEE = 5

/** Place in a party: adults need no word, a child travels with adults, a lone minor does not. */
export const ADULT = 0
export const CHILD = 1
export const LONE_MINOR = 2

/** What is wrong with a message, to be put right by its next revision. */
export const NO_SLIP = 0
export const SLIP_PURPOSE = 1
export const SLIP_PROVINCE = 2
export const SLIP_BIRTH = 3
export const SLIP_CARRIER = 4
export const SLIP_COUNT = 5
/** The message is a void. */
export const VOID = 50
/** From here on: bad on purpose, of kind slip − SPOILT. */
export const SPOILT = 100
