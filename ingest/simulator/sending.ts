// What befalls a message between desk and centre: recorded late, keyed twice, wrong and corrected, lost, sent again.
import { LANES } from './calibration.ts'
import {
  CROSSING, EXTENSION, NO_SLIP, REGISTRATION, SLIP_BIRTH, SLIP_CARRIER, SLIP_COUNT, SLIP_PROVINCE, SLIP_PURPOSE, SPOILT,
  TALLY, VOID
} from './codes.ts'
import type { Message } from './message.ts'
import { SPOIL_KINDS } from './spoil.ts'
import type { World } from './world.ts'

const DAY_SECONDS = 86_400
// A fifth of the mishaps are crossings keyed twice: half of those are voided later, the others are never noticed.
const VOID_SHARE = 0.2

/** Sends a crossing through the desk of its gate, with all that may go wrong there. */
export function sendCrossing (world: World, message: Message): void {
  const { random, options } = world
  if (message.refusal === 0 && message.returnee === 0 && random.next() < options.lostShare) return
  message.contract = CROSSING
  const stamped = message.second
  send(world, message, deskDelay(world))
  if (random.next() < options.correctionShare * VOID_SHARE) keyTwice(world, message, stamped)
}

/** Gives the message an id of its own, sends it `delay` seconds after its own time, then what follows from it. */
export function send (world: World, message: Message, delay: number): void {
  const { random, options } = world
  message.sequence = world.sequences[message.contract]! += 1
  message.revision = 1
  message.slip = NO_SLIP
  message.detail = random.word()
  record(world, message, message.second + delay)
  if (random.next() < options.correctionShare * (1 - VOID_SHARE)) sendWithSlip(world, message)
  else put(world, message)
  if (options.badShare > 0 && random.next() < options.badShare / (1 - options.badShare)) {
    message.sequence = world.sequences[message.contract]! += 1
    message.slip = SPOILT + random.below(SPOIL_KINDS)
    put(world, message)
    message.slip = NO_SLIP
  }
}

/** A wrong first revision and a right second one; now and then another wrong one between them. */
function sendWithSlip (world: World, message: Message): void {
  const { random } = world
  const slip = slipFor(world, message)
  const wrongTimes = random.next() < 0.05 ? 2 : 1
  for (let i = 0; i < wrongTimes; i++) {
    // Both wrong revisions hold the same slip: the second try mended something nobody keeps.
    message.slip = slip
    put(world, message)
    record(world, message, message.recordedSecond + correctionDelay(world))
    message.revision++
  }
  message.slip = NO_SLIP
  put(world, message)
}

function keyTwice (world: World, message: Message, stamped: number): void {
  const { random, roads } = world
  const closing = (world.day * 24 + roads.hours(LANES[message.lane]!).closes) * 3600
  const second = stamped + random.between(20, 900)
  if (second >= closing) return
  message.second = second
  message.sequence = world.sequences[message.contract]! += 1
  message.revision = 1
  message.slip = NO_SLIP
  record(world, message, message.second + random.between(2, 40))
  put(world, message)
  if (random.next() < 0.5) {
    message.revision = 2
    message.slip = VOID
    record(world, message, message.recordedSecond + correctionDelay(world))
    put(world, message)
  }
  message.second = stamped
}

/** Puts the message where it waits; with a small share, once more for a later re-send of the same bytes. */
function put (world: World, message: Message): void {
  const { random, outbox, options } = world
  message.sendSecond = message.recordedSecond
  message.sendMs = message.recordedMs
  outbox.put(Math.floor(message.sendSecond / DAY_SECONDS), message)
  if (options.duplicateShare > 0 && random.next() < options.duplicateShare) {
    message.sendSecond += random.next() < 0.05 ? DAY_SECONDS + random.below(3600) : random.between(1, 7200)
    outbox.put(Math.floor(message.sendSecond / DAY_SECONDS), message)
  }
}

function record (world: World, message: Message, second: number): void {
  message.recordedSecond = second
  message.recordedMs = world.random.below(1000)
}

/** Seconds from stamp to storage: most at once, some after an outage, a few from paper days later. */
function deskDelay ({ random }: World): number {
  const u = random.next()
  if (u < 0.968) return random.between(2, 40)
  return u < 0.995 ? random.between(60, 10_800) : random.between(DAY_SECONDS, 4 * DAY_SECONDS)
}

function correctionDelay ({ random }: World): number {
  return random.next() < 0.6 ? random.between(600, 14_400) : random.between(14_400, 6 * DAY_SECONDS)
}

function slipFor ({ random }: World, { contract }: Message): number {
  switch (contract) {
    case TALLY: return SLIP_COUNT
    case EXTENSION: return SLIP_PURPOSE
    case REGISTRATION: return random.next() < 0.5 ? SLIP_PROVINCE : SLIP_BIRTH
    default: return [SLIP_PURPOSE, SLIP_PROVINCE, SLIP_BIRTH, SLIP_CARRIER][random.below(4)]!
  }
}
