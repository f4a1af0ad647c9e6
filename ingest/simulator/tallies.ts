// Local gates count heads: one tally a day for each direction, nationality and sex.
import { KHM, LANES } from './calibration.ts'
import { ARRIVAL, EXIT, TALLY } from './codes.ts'
import { send } from './sending.ts'
import type { World } from './world.ts'

const DAY_SECONDS = 86_400
const TALLY_LANES = LANES.filter(lane => lane.tallyPersons > 0)

/** Sends the day's tallies of the local gates whose border is open to people; counts of zero are not sent. */
export function tallyLocalGates (world: World): void {
  const { message, random, roads, day, options } = world
  for (const lane of TALLY_LANES) {
    if (roads.admits(lane) !== 'all') continue
    for (const nationality of [KHM, lane.neighbour]) {
      for (const direction of [ARRIVAL, EXIT]) {
        for (const sex of [0, 1]) {
          message.count = random.poisson(lane.tallyPersons * options.scale * 0.25)
          if (message.count === 0) continue
          message.contract = TALLY
          message.lane = lane.index
          message.nationality = nationality
          message.direction = direction
          // The sex of the people counted travels in `place`.
          message.place = sex
          message.startDay = day
          message.second = day * DAY_SECONDS + random.between(18 * 3600, 20 * 3600)
          send(world, message, random.next() < 0.7 ? 60 : random.between(11 * 3600, 15 * 3600))
        }
      }
    }
  }
}
