// What a simulated country holds while it lives: today, the roads, who has plans and what waits to be sent.
import { assert } from '../../core/errors.ts'
import { NATIONALITIES } from './calibration.ts'
import { CONTRACTS } from './codes.ts'
import { planOf, type DayPlan } from './calendar.ts'
import type { Ledger } from './ledger.ts'
import { blankMessage, createOutbox, type Message } from './message.ts'
import type { ResolvedOptions } from './options.ts'
import { createAgenda, type Party } from './party.ts'
import { ordinalOf, PERSONS_PER_DAY_MAX } from './person.ts'
import { createRandom, mix, type Random } from './random.ts'
import { createRoads, type Roads } from './roads.ts'

export interface World {
  options: ResolvedOptions
  /** Makes people of one seed strangers to those of another. */
  salt: number
  random: Random
  day: number
  plan: DayPlan
  roads: Roads
  agenda: Ledger<Party>
  outbox: Ledger<Message>
  /** The one message being written. */
  message: Message
  /** Last number given to a message today, by contract. */
  sequences: Uint32Array
  /** Persons first seen today, by nationality. */
  born: Uint32Array
  /** Foreigners who arrived today, by nationality; yesterday's excess is carried over. */
  arrived: Float64Array
  /** Cambodians who departed today. */
  departed: number
}

export function createWorld (options: ResolvedOptions): World {
  const day = options.fromDay - options.warmUpDays
  return {
    options,
    salt: mix(options.seed ^ 0x5bd1e995),
    random: createRandom(options.seed, day),
    day,
    plan: planOf(day),
    roads: createRoads(day),
    agenda: createAgenda(),
    outbox: createOutbox(),
    message: blankMessage(),
    sequences: new Uint32Array(CONTRACTS.length),
    born: new Uint32Array(NATIONALITIES.length),
    arrived: new Float64Array(NATIONALITIES.length),
    departed: 0
  }
}

/** Turns the world to a day: its own chance, roads and counters. */
export function wakeWorld (world: World, day: number): void {
  world.day = day
  world.random = createRandom(world.options.seed, day)
  world.plan = planOf(day)
  world.roads = createRoads(day)
  world.sequences.fill(0)
  world.born.fill(0)
}

/** The ordinal of the first of `size` people of a nationality never seen before. */
export function newPeople (world: World, nationality: number, size: number): number {
  const first = world.born[nationality]!
  world.born[nationality] = first + size
  assert(first + size <= PERSONS_PER_DAY_MAX, 'no more new people of a nationality in a day than ordinals')
  return ordinalOf(world.day, first)
}
