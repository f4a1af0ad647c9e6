// Sends crossings of the input to a topic at a steady rate, and tells the case that started it when and where.
import { Kafka, logLevel } from 'kafkajs'
import { linesOf } from '../lines.ts'
import { argument } from '../measure.ts'

export interface Sending { partition: number, count: number, next: number, sentAtMs: number }

const TICK_MS = 20
const PARTITIONS = 4
const IN_FLIGHT_MAX = 32

const topic = argument('topic')
const perTick = Math.max(1, Math.round(Number(argument('rate')) * TICK_MS / 1000))
const ticks = Math.round(Number(argument('seconds')) * 1000 / TICK_MS)
const lines = linesOf(argument('input')).filter(line => line.includes('gdi.crossing.v1'))
const producer = new Kafka({ brokers: [argument('brokers')], logLevel: logLevel.NOTHING })
  .producer({ idempotent: false, maxInFlightRequests: IN_FLIGHT_MAX })
await producer.connect()
const sendings: Sending[] = []
const inFlight: Promise<void>[] = []
const started = performance.now()
for (let tick = 0; tick < ticks; tick++) {
  await new Promise(resolve => setTimeout(resolve, Math.max(0, started + tick * TICK_MS - performance.now())))
  inFlight.push(send(tick))
}
await Promise.all(inFlight)
await producer.disconnect()
process.send?.(sendings, () => process.exit(0))

async function send (tick: number): Promise<void> {
  const partition = tick % PARTITIONS
  const sentAtMs = performance.timeOrigin + performance.now()
  const messages = Array.from({ length: perTick }, (_, i) => ({
    partition, value: lines[(tick * perTick + i) % lines.length] as Buffer
  }))
  const [answer] = await producer.send({ topic, acks: 1, messages })
  const next = Number(answer?.baseOffset) + perTick
  sendings.push({ partition, count: perTick, next, sentAtMs })
}
