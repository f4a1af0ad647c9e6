// Hourly counts by hand: a gate of some traffic every day, and what is added to it.
import type { DuckDBConnection } from '@duckdb/node-api'
import { formatDay, parseDay } from '../../../core/civil-date.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { codeLists } from '../../support/warehouse.ts'

export const day = (text: string): number => parseDay(text)!

export interface Hour {
  checkpoint: string
  day: number
  hour: number
  direction: 'arrival' | 'exit'
  persons: number
}

/** A deterministic number from 0 to 1, other for every argument. */
export function noise (...seeds: number[]): number {
  let state = 2166136261
  for (const seed of seeds) state = Math.imul(state ^ seed, 16777619) ^ (state >>> 13)
  state = Math.imul(state ^ (state >>> 15), 2246822507)
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
}

/** Traffic of a gate on every day from one to another: `usual` persons in each open hour, a tenth more or less. */
export function traffic (
  checkpoint: string, from: string, to: string, usual: number, more: (day: number) => number = () => 1
): Hour[] {
  const rows: Hour[] = []
  for (let each = day(from); each <= day(to); each++) {
    for (let hour = 6; hour < 22; hour++) {
      for (const direction of ['arrival', 'exit'] as const) {
        const spread = 0.9 + 0.2 * noise(each, hour, direction.length, usual)
        const grown = direction === 'arrival' ? more(each) : 1
        rows.push({ checkpoint, day: each, hour, direction, persons: Math.round(usual * spread * grown) })
      }
    }
  }
  return rows
}

/** Writes counts as loading does. */
export async function writeHours (warehouse: Warehouse, rows: readonly Hour[]): Promise<DuckDBConnection> {
  const connection = await warehouse.connect()
  for (let i = 0; i < rows.length; i += 2000) {
    const values = rows.slice(i, i + 2000).map(row => `(date '${formatDay(row.day)}', ${row.hour}, ` +
      `${warehouse.codeNumbers.checkpoint.get(row.checkpoint)!}, '${row.direction}', 'admitted', ${row.persons})`)
    await connection.run(`insert into main.hourly_flow_deltas values ${values.join(', ')}`)
  }
  return connection
}

export const contextOf = (warehouse: Warehouse): { lists: typeof codeLists, codeNumbers: Warehouse['codeNumbers'] } =>
  ({ lists: codeLists, codeNumbers: warehouse.codeNumbers })
