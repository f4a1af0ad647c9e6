// Owns the last authorised day of every inside stay, which extension belongs to which stay, and the months it granted.
import { byCodePoint } from './csv.ts'
import type { Day } from './dates.ts'
import { stayDays } from './lists.ts'
import type { Extension } from './records.ts'
import type { Stay } from './stays.ts'

export interface Grant {
  extension: Extension
  /** The stay it belongs to. */
  stay: Stay | undefined
  /** Undefined where no stay matches or its permitted_until is ignored. */
  months: number | undefined
}

/** Sets permittedUntil of a traveller's stays, given in walk order, and says what each extension granted. */
export function permit (stays: readonly Stay[], extensions: readonly Extension[], asOf: Day): Grant[] {
  const grants: Grant[] = [...extensions].sort(byGrant)
    .map(extension => ({ extension, stay: stayOf(extension, stays, asOf), months: undefined }))
  const begun = stays.filter(stay => stay.side === 'inside' && stay.beganOn !== undefined)
  for (const [at, stay] of begun.entries()) {
    const own = grants.filter(grant => grant.stay === stay && grant.extension.permittedUntil >= (stay.beganOn ?? 0))
    const earlier = grants.filter(grant => begun.slice(0, at).some(before => before === grant.stay))
    // Without extensions of its own: the one before the first extension.
    let permittedUntil = withoutExtensions(stay, earlier)
    for (const grant of own) {
      grant.months = monthsOf(grant.extension.permittedUntil - (permittedUntil ?? grant.extension.day))
      permittedUntil = grant.extension.permittedUntil
    }
    // The last in order is the latest granted and, of a tie, the highest.
    stay.permittedUntil = permittedUntil
  }
  return grants
}

/** Order of granting: granted_at, permitted_until, extension_id. */
function byGrant (a: Extension, b: Extension): number {
  return a.grantedAt - b.grantedAt || a.permittedUntil - b.permittedUntil || byCodePoint(a.id, b.id)
}

/** The latest-begun inside stay that was under way, by the walk, on the day of granting. */
function stayOf (extension: Extension, stays: readonly Stay[], asOf: Day): Stay | undefined {
  return stays.findLast(stay => stay.side === 'inside' && stay.beganOn !== undefined &&
    stay.beganOn <= extension.day && extension.day <= (stay.walkEndedOn ?? asOf))
}

/** floor(days × 16 / 487 + ½) in whole numbers. */
function monthsOf (days: number): number {
  return Math.floor((32 * days + 487) / 974)
}

/** By the crossing's own day, a long extension of an earlier stay, or the dated rules. */
function withoutExtensions (stay: Stay, earlier: readonly Grant[]): Day | undefined {
  const { begin, beganOn } = stay
  if (begin === undefined || beganOn === undefined) return undefined
  if (begin.permittedUntil !== undefined && begin.permittedUntil >= beganOn) return begin.permittedUntil
  const long = earlier.findLast(grant => (grant.months ?? 0) >= 6 && grant.extension.permittedUntil >= beganOn)
  if (long !== undefined) return long.extension.permittedUntil
  const days = stayDays(begin.visaClass, begin.nationality, beganOn)
  return days === undefined ? undefined : beganOn + days - 1
}
