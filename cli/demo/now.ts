// The figures of one day so far, for the demo's page and terminal.
import { formatDay, businessDay } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import type { Runtime } from '../runtime.ts'

export interface NowFigures {
  simulated: true
  date: string
  arrivals: number
  exits: number
  refused: number
  checkpoints: { checkpoint: string, nameEn: string, nameKm: string, arrivals: number, exits: number }[]
}

const nowSql = loadSql('cli/demo/now.sql')

/** Arrivals and exits of the civil date of an instant, in all and by checkpoint, busiest first. */
export async function figuresOf (runtime: Runtime, instantMs: number): Promise<NowFigures> {
  const date = formatDay(businessDay(instantMs))
  const rows = await runtime.warehouse.read(async connection => await readRows<{
    checkpoint: string, arrivals: bigint, exits: bigint, refused: bigint
  }>(connection, nowSql, { date }))
  const { checkpoints } = runtime.warehouse.lists
  const names = new Map(checkpoints.map(({ code, nameEn, nameKm }) => [code, { nameEn, nameKm }]))
  const sum = (name: 'arrivals' | 'exits' | 'refused'): number => rows.reduce((total, row) => total + Number(row[name]), 0)
  return {
    simulated: true,
    date,
    arrivals: sum('arrivals'),
    exits: sum('exits'),
    refused: sum('refused'),
    checkpoints: rows.map(row => ({
      checkpoint: row.checkpoint,
      nameEn: names.get(row.checkpoint)?.nameEn ?? row.checkpoint,
      nameKm: names.get(row.checkpoint)?.nameKm ?? row.checkpoint,
      arrivals: Number(row.arrivals),
      exits: Number(row.exits)
    }))
  }
}
