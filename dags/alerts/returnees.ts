// Cambodians who are returned, by gate: of the last two clock hours, beside what was usual at that hour in the weeks
// before.
import type { DuckDBConnection } from '@duckdb/node-api'
import { businessDay, businessHour, formatDay, HOUR_MS } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'

export interface ReturneeHour {
  checkpoint: string
  /** Of the current hour or the last full one, whichever is more against what is usual. */
  persons: number
  usual: number
}

const HOURS = loadSql('dags/alerts/returnee-hours.sql')
const USUAL_DAYS = 28
/** The state whose nationals return. */
export const NATIONALS = 'KHM'

/**
 * A reader that reads what is usual once a day, and the two hours each time.
 * @param nationals number of the nationals' state in the dictionary of states
 */
export function createReturneeReader (
  nationals: number
): (connection: DuckDBConnection, nowMs: number) => Promise<ReturneeHour[]> {
  let usual: { day: number, persons: ReadonlyMap<string, number> } | null = null

  async function hours (connection: DuckDBConnection, from: number, to: number): Promise<Row[]> {
    return await readRows<Row>(connection, HOURS, { from: formatDay(from), to: formatDay(to), nationals })
  }

  return async (connection, nowMs) => {
    const day = businessDay(nowMs)
    if (usual?.day !== day) {
      const persons = new Map<string, number>()
      for (const row of await hours(connection, day - USUAL_DAYS, day - 1)) {
        const key = `${row.checkpoint} ${row.hour}`
        persons.set(key, (persons.get(key) ?? 0) + row.persons / USUAL_DAYS)
      }
      usual = { day, persons }
    }
    const { persons: usualPersons } = usual
    const beforeMs = nowMs - HOUR_MS
    const current = (await hours(connection, businessDay(beforeMs), day)).filter(row =>
      (row.day === day && row.hour === businessHour(nowMs)) ||
      (row.day === businessDay(beforeMs) && row.hour === businessHour(beforeMs)))
    const found = current.map(({ checkpoint, hour, persons }) =>
      ({ checkpoint, persons, usual: usualPersons.get(`${checkpoint} ${hour}`) ?? 0 }))
    return found.filter(row => !found.some(other => other.checkpoint === row.checkpoint &&
      other.persons - other.usual > row.persons - row.usual))
  }
}

/** `day` in days since 1970-01-01. */
interface Row { checkpoint: string, day: number, hour: number, persons: number }
