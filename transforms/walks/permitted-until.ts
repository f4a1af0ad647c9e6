// The last authorised day of every inside stay, which extension belongs to which stay, and the months it grants
// (docs/method.md §3).
import { type CrossingColumns, type ExtensionColumns, type Range, NO_DAY } from './columns.ts'
import type { WalkRules } from './rules.ts'
import type { Stay, StayWalk } from './stays.ts'
import { INSIDE } from './outcomes.ts'

/** What one extension did. */
export interface Grant {
  /** Row of the extension. */
  row: number
  /** The stay it belongs to, by its place among the traveller's stays; −1 where there is none. */
  stay: number
  /** Null where no stay matches, or its own permitted_until is ignored. */
  months: number | null
}

const NO_GRANTS: readonly Grant[] = []
/** Extensions from this length on are multiple-entry. */
const LONG_MONTHS_MIN = 6

/** Sets permittedUntil of the walk's stays, and says what each extension granted. */
export function permit (
  walk: StayWalk | null, crossings: CrossingColumns, extensions: ExtensionColumns, range: Range, rules: WalkRules
): readonly Grant[] {
  const grants = range.from === range.to ? NO_GRANTS : matchGrants(walk, extensions, range, rules.asOf)
  if (walk === null || walk.side !== INSIDE) return grants
  for (let place = 0; place < walk.stays.length; place++) {
    const stay = walk.stays[place] as Stay
    if (stay.begin < 0) continue
    stay.permittedUntil = ownPermit(stay, crossings)
    if (stay.permittedUntil === NO_DAY && grants.length > 0) {
      stay.permittedUntil = longGrant(grants, extensions, place, stay.beganOn)
    }
    if (stay.permittedUntil === NO_DAY) stay.permittedUntil = firstStay(stay, crossings, rules)
    if (grants.length > 0) extend(stay, place, grants, extensions)
  }
  return grants
}

/** The latest-begun inside stay that was under way, as the walk left it, on the day of granting. */
function matchGrants (walk: StayWalk | null, extensions: ExtensionColumns, range: Range, asOf: number): Grant[] {
  const stays = walk === null || walk.side !== INSIDE ? [] : walk.stays
  const grants: Grant[] = []
  for (let row = range.from; row < range.to; row++) {
    const day = extensions.day[row] as number
    const stay = stays.findLastIndex(({ begin, beganOn, walkEndedOn }) =>
      begin >= 0 && beganOn <= day && day <= (walkEndedOn === NO_DAY ? asOf : walkEndedOn))
    grants.push({ row, stay, months: null })
  }
  return grants
}

function ownPermit (stay: Stay, { permittedUntil }: CrossingColumns): number {
  const own = permittedUntil[stay.begin] as number
  return own >= stay.beganOn ? own : NO_DAY
}

/** The latest-granted long extension that belongs to an earlier stay and reaches this one. */
function longGrant (
  grants: readonly Grant[], { permittedUntil }: ExtensionColumns, place: number, beganOn: number
): number {
  const long = grants.findLast(({ row, stay, months }) => stay >= 0 && stay < place &&
    months !== null && months >= LONG_MONTHS_MIN && (permittedUntil[row] as number) >= beganOn)
  return long === undefined ? NO_DAY : permittedUntil[long.row] as number
}

function firstStay (stay: Stay, { visaClass, nationality }: CrossingColumns, rules: WalkRules): number {
  const days = rules.firstStayDays(visaClass[stay.begin] as number, nationality[stay.begin] as number, stay.beganOn)
  return days === null ? NO_DAY : stay.beganOn + days - 1
}

/** Applies the stay's own extensions in order: the last one holds, and each grants the days past the one before. */
function extend (stay: Stay, place: number, grants: readonly Grant[], extensions: ExtensionColumns): void {
  for (const grant of grants) {
    const until = extensions.permittedUntil[grant.row] as number
    if (grant.stay !== place || until < stay.beganOn) continue
    const before = stay.permittedUntil === NO_DAY ? extensions.day[grant.row] as number : stay.permittedUntil
    grant.months = monthsGranted(until - before)
    stay.permittedUntil = until
  }
}

/** floor(days × 16 / 487 + ½), in whole numbers. */
function monthsGranted (days: number): number {
  return Math.floor((32 * days + 487) / 974)
}
