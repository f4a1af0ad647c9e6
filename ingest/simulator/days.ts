// The country lives day by day: plans fall due, new people come, and what the desks store that day is sent in order.
import { assert } from '../../core/errors.ts'
import { formatDay, PHNOM_PENH_OFFSET_MS } from '../../core/civil-date.ts'
import { admitForeigners, comeBack, leave } from './foreigners.ts'
import { blankMessage } from './message.ts'
import { comeHome, departAgain, moveNationals } from './nationals.ts'
import { resolveOptions, type SimulatorOptions } from './options.ts'
import { extend, register } from './paperwork.ts'
import { blankParty, COME_BACK, DEPART, EXTEND, LEAVE, REGISTER, RETURN, type Party } from './party.ts'
import { createPen, makeRoom } from './pen.ts'
import { createRenderer } from './render.ts'
import { tallyLocalGates } from './tallies.ts'
import { createWorld, wakeWorld, type World } from './world.ts'

/** Everything sent on one civil day at UTC+7, in sending order. */
export interface SimulatedDay {
  /** `YYYY-MM-DD`. */
  day: string
  count: number
  /** Lines of JSON, each ended by a newline. */
  bytes: Buffer
  /** End of each line in `bytes`, its newline included. */
  ends: Uint32Array
  /** When each line is sent, milliseconds since 1970, ascending. */
  atMs: Float64Array
  /** Index of each line's contract in CONTRACTS. */
  contracts: Uint8Array
}

const DAY_SECONDS = 86_400
const LINE_BYTES = 640
const LINE_BYTES_MAX = 4096
const NEWLINE = 10
// Two numbers in one double: milliseconds of the day (27 bits) and place in the bucket (22 bits).
const PLACES = 2 ** 22

/**
 * Simulates the days of the options one at a time; what would be sent after the last day is not sent. Throws USAGE.
 * The same options give the same bytes.
 */
export function * simulateDays (options: SimulatorOptions): Generator<{ day: string, events: SimulatedDay }> {
  const resolved = resolveOptions(options)
  const world = createWorld(resolved)
  const render = createRenderer(resolved.seed, world.salt)
  for (let day = world.day; day <= resolved.toDay; day++) {
    wakeWorld(world, day)
    liveThrough(world)
    if (day >= resolved.fromDay) {
      const events = sendDay(world, render, resolved.fromDay)
      yield { day: events.day, events }
    }
    world.outbox.drop(day)
  }
}

/** Everybody does what is due today, newcomers included. */
function liveThrough (world: World): void {
  const party = blankParty()
  const done = actDue(world, party, 0)
  admitForeigners(world)
  moveNationals(world)
  // Plans made today for today: same-day exits, registrations within hours.
  actDue(world, party, done)
  tallyLocalGates(world)
  world.agenda.drop(world.day)
}

function actDue (world: World, party: Party, from: number): number {
  let i = from
  for (; ; i++) {
    const bucket = world.agenda.bucket(world.day)
    if (bucket === undefined || i >= bucket.count) return i
    world.agenda.read(bucket, i, party)
    act(world, party)
  }
}

function act (world: World, party: Party): void {
  switch (party.act) {
    case LEAVE: return leave(world, party)
    case COME_BACK: return comeBack(world, party)
    case RETURN: return comeHome(world, party)
    case DEPART: return departAgain(world, party)
    case REGISTER: return register(world, party)
    case EXTEND: return extend(world, party)
    default: assert(false, 'a plan of a known kind')
  }
}

/** Writes the day's messages in sending order. Messages about days before `fromDay` were never begun: left out. */
function sendDay (world: World, render: ReturnType<typeof createRenderer>, fromDay: number): SimulatedDay {
  const { outbox, day } = world
  const bucket = outbox.bucket(day) ?? { words: new Uint32Array(0), count: 0 }
  assert(bucket.count < PLACES, 'fewer messages in a day than the sort has room for')
  const message = blankMessage()
  const order = new Float64Array(bucket.count)
  let count = 0
  for (let i = 0; i < bucket.count; i++) {
    outbox.read(bucket, i, message)
    if (message.second < fromDay * DAY_SECONDS) continue
    order[count++] = ((message.sendSecond - day * DAY_SECONDS) * 1000 + message.sendMs) * PLACES + i
  }
  const sorted = order.subarray(0, count).sort()
  const midnight = day * DAY_SECONDS * 1000 - PHNOM_PENH_OFFSET_MS
  const ends = new Uint32Array(count)
  const atMs = new Float64Array(count)
  const contracts = new Uint8Array(count)
  const pen = createPen(count * LINE_BYTES + LINE_BYTES_MAX)
  for (let i = 0; i < count; i++) {
    const key = sorted[i]!
    const ms = Math.floor(key / PLACES)
    outbox.read(bucket, key - ms * PLACES, message)
    makeRoom(pen, LINE_BYTES_MAX)
    render(pen, message)
    pen.bytes[pen.at++] = NEWLINE
    ends[i] = pen.at
    atMs[i] = midnight + ms
    contracts[i] = message.contract
  }
  return { day: formatDay(day), count, bytes: pen.bytes.subarray(0, pen.at), ends, atMs, contracts }
}
