// Which ways into the country are open on a day, at which hours, and which of them somebody takes.
import { CLOSURES, LANES, NATIONALITIES, ROUTES, type Lane, type Route } from './calibration.ts'
import { createChooser, type Random } from './random.ts'

/** Hours of opening; a closed way has none. */
export interface Hours {
  opens: number
  closes: number
}

export interface Roads {
  /** A way for ordinary travellers of a nationality, by its habits, among those open today. */
  wayFor(random: Random, nationality: number): Lane
  /** True if ordinary travellers may use the lane today. */
  isOpen(lane: Lane): boolean
  /** Whom the lane's route admits today. */
  admits(lane: Lane): 'all' | 'returnees' | 'none'
  /** A lane of a route, by the traffic of its gates; null if the route is closed today. */
  along(random: Random, route: Route): Lane | null
  hours(lane: Lane): Hours
}

// Arrivals by hour of the day at airports, and the pull of each hour at other gates. Assumption.
const AIR = [2, 1, 0.5, 0.3, 0.3, 1, 2, 4, 6, 7, 7, 6, 5, 5, 6, 7, 7, 6, 6, 6, 6, 5, 4, 3]
const LAND = [1, 1, 1, 1, 2, 4, 7, 9, 10, 9, 8, 7, 6, 6, 7, 7, 7, 6, 5, 4, 3, 2, 1, 1]
const hourChoosers = new Map<number, (u: number) => number>()

export function createRoads (day: number): Roads {
  const closures = ROUTES.map(route =>
    CLOSURES.find(row => row.route === route && day >= row.fromDay && day <= row.toDay))
  const lanes = ROUTES.map((route, i) => closures[i] === undefined || closures[i].admits === 'all'
    ? LANES.filter(lane => lane.route === route && lane.weight > 0 && day >= lane.fromDay && day <= lane.toDay)
    : [])
  const choosers = lanes.map(list => list.length === 0 ? null : createChooser(list.map(lane => lane.weight)))
  const hours: Hours[] = LANES.map(lane => {
    const closure = closures[ROUTES.indexOf(lane.route)]
    return closure === undefined ? lane : { opens: closure.opens, closes: closure.closes }
  })
  const open = new Set(lanes.flat())
  return {
    wayFor (random, nationality) {
      const habits = NATIONALITIES[nationality]!.routes
      let total = 0
      for (let i = 0; i < habits.length; i++) if (choosers[i] !== null) total += habits[i]!
      let u = random.next() * total
      for (let i = 0; i < habits.length; i++) {
        if (choosers[i] === null) continue
        u -= habits[i]!
        if (u < 0) return lanes[i]![choosers[i]!(random.next())]!
      }
      return lanes[0]![choosers[0]!(random.next())]!
    },
    isOpen: lane => open.has(lane),
    admits: lane => closures[ROUTES.indexOf(lane.route)]?.admits ?? 'all',
    along (random, route) {
      const i = ROUTES.indexOf(route)
      return choosers[i] === null ? null : lanes[i]![choosers[i]!(random.next())]!
    },
    hours: lane => hours[lane.index]!
  }
}

/** A second of the day within the hours: busy hours draw more. */
export function secondWithin (random: Random, isAir: boolean, { opens, closes }: Hours): number {
  const key = (isAir ? 10_000 : 0) + opens * 100 + closes
  let chooser = hourChoosers.get(key)
  if (chooser === undefined) {
    chooser = createChooser((isAir ? AIR : LAND).slice(opens, closes))
    hourChoosers.set(key, chooser)
  }
  return (opens + chooser(random.next())) * 3600 + random.below(3600)
}

/** A second of the day at least half an hour after `second` and before closing; −1 if there is none. */
export function secondAfter (random: Random, second: number, closes: number): number {
  const room = closes * 3600 - 1 - second - 1800
  return room <= 0 ? -1 : second + 1800 + random.below(room)
}
