// The calibration tables of this folder, read once. What each figure rests on is said in README.md.
import { readFileSync } from 'node:fs'
import { parseDay } from '../../core/civil-date.ts'
import { packageFile } from '../../core/package-root.ts'

export const ROUTES = ['air', 'thailand', 'vietnam', 'laos', 'water'] as const
export type Route = typeof ROUTES[number]

/** A way through a checkpoint: one gate of `gates.csv`. A checkpoint with road and river has two. */
export interface Lane {
  index: number
  code: string
  /** The three letters of the code. */
  short: string
  /** Another spelling by which a desk may call it. */
  alias: string
  route: Route
  mode: string
  province: number
  /** Index of the nationality of the state across the border; −1 for airports. */
  neighbour: number
  weight: number
  opens: number
  closes: number
  fromDay: number
  toDay: number
  /** Persons a day in tallies; 0 where crossings are recorded one by one. */
  tallyPersons: number
}

export interface Nationality {
  code: string
  /** As ICAO 9303 writes it in documents. */
  documentCode: string
  /** True if the code is an ISO 3166-1 state and so may be a residence. */
  isState: boolean
  normal: number
  closed: number
  /** Shares of the five routes, in the order of ROUTES. */
  routes: number[]
  holiday: number
  business: number
}

/** Rows of a calibration table by column name. Throws if the file is missing. */
function readTable (name: string): Record<string, string>[] {
  const [head, ...lines] = readFileSync(packageFile(`ingest/simulator/${name}`), 'utf8').trim().split('\n')
  const columns = head!.split(',')
  return lines.map(line => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']))
  })
}

const dayOr = (text: string | undefined, otherwise: number): number => parseDay(text ?? '') ?? otherwise

export const NATIONALITIES: Nationality[] = readTable('nationalities.csv').map(row => ({
  code: row.code!,
  documentCode: row.document_code!,
  isState: !/^(X..|UNO|RKS)$/.test(row.code!),
  normal: Number(row.normal),
  closed: Number(row.closed),
  routes: ROUTES.map(route => Number(row[route])),
  holiday: Number(row.holiday),
  business: Number(row.business)
}))

/** Index of a nationality by its code; −1 if the table lacks it. */
export const nationalityIndex = (code: string): number => NATIONALITIES.findIndex(entry => entry.code === code)

export const KHM = nationalityIndex('KHM')
export const THA = nationalityIndex('THA')
export const VNM = nationalityIndex('VNM')
export const LAO = nationalityIndex('LAO')
export const CHN = nationalityIndex('CHN')

export const LANES: Lane[] = readTable('gates.csv').map((row, index) => ({
  index,
  code: row.code!,
  short: row.code!.slice(4),
  alias: row.alias!,
  route: row.route as Route,
  mode: row.mode!,
  province: Number(row.province),
  neighbour: nationalityIndex(row.neighbour!),
  weight: Number(row.weight),
  opens: Number(row.opens),
  closes: Number(row.closes),
  fromDay: dayOr(row.from, -Infinity),
  toDay: dayOr(row.to, Infinity),
  tallyPersons: Number(row.tally_persons)
}))

export const laneOf = (code: string): Lane => LANES.find(lane => lane.code === code)!

/** Dated changes to the hours of a route, and whom it admits. */
export const CLOSURES = readTable('closures.csv').map(row => ({
  route: row.route as Route,
  fromDay: dayOr(row.from, -Infinity),
  toDay: dayOr(row.to, Infinity),
  opens: Number(row.opens),
  closes: Number(row.closes),
  admits: row.admits as 'all' | 'returnees' | 'none'
}))

export const RETURNEE_WAVES = readTable('returnees.csv').map(row => ({
  fromDay: dayOr(row.from, 0),
  toDay: dayOr(row.to, 0),
  lane: laneOf(row.gate!),
  opens: Number(row.opens),
  closes: Number(row.closes),
  persons: Number(row.persons_per_day)
}))

export const FESTIVALS = readTable('festivals.csv').map(row => ({
  fromDay: dayOr(row.from, 0),
  toDay: dayOr(row.to, 0),
  foreignFactor: Number(row.foreign_factor),
  homeFromDay: dayOr(row.home_from, Infinity),
  homeOpen: Number(row.home_per_day_open),
  homeClosed: Number(row.home_per_day_closed)
}))

/** Mean persons a day by `YYYY-MM`. */
export const VOLUMES = new Map(readTable('volumes.csv').map(row => [row.month!, {
  foreigners: Number(row.foreign_arrivals_per_day),
  nationals: Number(row.national_departures_per_day)
}]))

/** Provinces 1 to 25 with where visitors stay, where returnees come home, and a district and commune of each. */
export const PROVINCES = readTable('provinces.csv').map(row => ({
  number: Number(row.number),
  visitors: Number(row.visitor_weight),
  home: Number(row.home_weight),
  district: row.district!,
  commune: row.commune!
}))
