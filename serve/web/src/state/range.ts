// A range of civil dates, as the address has it.
export interface Range {
  kind: 'day' | 'week' | 'custom'
  from: string
  to: string
}

const DAY_MS = 86_400_000
const DATE = /^\d{4}-\d{2}-\d{2}$/

/** The range of an address; today where it says none, or nothing that is a date. */
export function readRange (query: URLSearchParams, today: string): Range {
  const dateOf = (name: string): string => {
    const text = query.get(name) ?? ''
    return DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : today
  }
  const kind = (['day', 'week', 'custom'] as const).find(known => known === query.get('range')) ?? 'day'
  return { kind, from: dateOf('from'), to: dateOf('to') }
}

/** The civil date so many days later. */
export function addDays (date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Days from one civil date to another. */
export function daysBetween (from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}
