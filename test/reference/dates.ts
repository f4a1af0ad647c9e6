// Owns dates and times. A date is a whole number of days since 1970-01-01, an instant a number of milliseconds;
// Phnom Penh is seven hours ahead of UTC all year.

export type Day = number

const dayMs = 86_400_000
const phnomPenhMs = 7 * 3_600_000

/** `YYYY-MM-DD` to a day; undefined for any other text and for dates that do not exist. */
export function dayOf (text: string): Day | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return undefined
  const ms = Date.parse(`${text}T00:00:00Z`)
  // Date.parse takes 31 April for 1 May; only a date that comes back as it went in exists.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms / dayMs : undefined
}

/** Like dayOf, for dates known to be right. */
export function day (text: string): Day {
  const found = dayOf(text)
  if (found === undefined) throw new Error(`not a date: ${text}`)
  return found
}

export function dateText (date: Day): string {
  const text = dateTexts.get(date) ?? new Date(date * dayMs).toISOString().slice(0, 10)
  dateTexts.set(date, text)
  return text
}

// The stock asks for the same days once for every stay.
const dateTexts = new Map<Day, string>()

/** `YYYY-MM` of a day. */
export function monthText (date: Day): string {
  return dateText(date).slice(0, 7)
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/

/** RFC 3339 with an offset to milliseconds since 1970, truncated; undefined if it is no such time. */
export function instantOf (text: string): number | undefined {
  const parts = rfc3339.exec(text)
  if (parts === null) return undefined
  const date = dayOf(parts[1] ?? '')
  const [hour, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4])]
  const [offsetHour, offsetMinute] = [Number(parts[7] ?? 0), Number(parts[8] ?? 0)]
  if (date === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  if (offsetHour > 23 || offsetMinute > 59) return undefined
  const offset = (offsetHour * 60 + offsetMinute) * 60_000 * (parts[6] === '-' ? -1 : 1)
  const milliseconds = Number((parts[5] ?? '.').slice(1, 4).padEnd(3, '0'))
  return date * dayMs + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - offset
}

/** Like instantOf, for times known to be right. */
export function instant (text: string): number {
  const found = instantOf(text)
  if (found === undefined) throw new Error(`not a time: ${text}`)
  return found
}

/** The civil date in Phnom Penh. */
export function civilDay (instantMs: number): Day {
  return Math.floor((instantMs + phnomPenhMs) / dayMs)
}

/** The hour in Phnom Penh, 0 to 23. */
export function civilHour (instantMs: number): number {
  return Math.floor((instantMs + phnomPenhMs) / 3_600_000) - civilDay(instantMs) * 24
}

/** The instant at which a civil date begins in Phnom Penh. */
export function startOf (date: Day): number {
  return date * dayMs - phnomPenhMs
}

/** Whole years from one day to another. */
export function completedYears (from: Day, to: Day): number {
  const years = Number(dateText(to).slice(0, 4)) - Number(dateText(from).slice(0, 4))
  return to >= yearsAfter(from, years) ? years : years - 1
}

/** The same day of a later year; 29 February counts as 1 March in common years. */
export function yearsAfter (date: Day, years: number): Day {
  const text = dateText(date)
  const year = String(Number(text.slice(0, 4)) + years).padStart(4, '0')
  return dayOf(`${year}${text.slice(4)}`) ?? day(`${year}-03-01`)
}
