// The age of an event when it becomes visible: a sender in a process of its own writes to Kafka at a steady rate while
// the service loads; every sending tells when it began and where its messages lie, and the stored positions tell when
// they could be read. Beside it, how far the derived tables were behind at most. With slow readers there are eight of
// them, and a checkpoint half-way.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { startService } from '../../main.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'
import type { Sending } from './age-sender.ts'
import { readSlowly } from './slow-readers.ts'

const LOOK_EVERY_MS = 2
const topic = argument('topic')
const hasReaders = argument('slow-readers', 'no') === 'yes'
const service = await startService(loadSettings({}, {
  data: { folder: argument('folder') },
  keys: { folder: join(argument('folder'), 'keys') },
  http: { enabled: hasReaders, port: 0 },
  kafka: {
    brokers: argument('brokers'), topicCrossing: topic, topicTally: '', topicExtension: '', topicRegistration: ''
  }
}), { clock: systemClock, log: silentLog() })
const { warehouse, derivation } = service.runtime
let derivedLagMaxSeconds = 0
const seen = new Map<number, { next: number, atMs: number }[]>()
const endReaders = hasReaders ? await readSlowly(service) : () => {}
const looking = setInterval(look, LOOK_EVERY_MS)

await measure(async started => {
  const sender = fork(fileURLToPath(new URL('./age-sender.js', import.meta.url)), process.argv.slice(2))
  const sent = once(sender, 'message')
  // To copy this process for the sender takes the loop longer than anything that the service does.
  started()
  if (hasReaders) {
    await sleep(Number(argument('seconds')) * 1000 / 2)
    await warehouse.checkpoint()
  }
  const [sendings] = await sent as [Sending[]]
  const last = sendings.reduce((ends, { partition, next }) =>
    ends.set(partition, Math.max(next, ends.get(partition) ?? 0)), new Map<number, number>())
  await until(() => [...last].every(([partition, next]) => (seen.get(partition)?.at(-1)?.next ?? 0) >= next))
  const ages = sendings.map(({ partition, next, sentAtMs }) =>
    (seen.get(partition)?.find(look => look.next >= next)?.atMs ?? Infinity) - sentAtMs).sort((a, b) => a - b)
  const at = (share: number): number => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))] as number
  const events = sendings.reduce((sum, { count }) => sum + count, 0)
  return { events, bytes: 0, more: { ageP50Ms: at(0.5), ageP99Ms: at(0.99), ageMaxMs: at(1), derivedLagMaxSeconds } }
})
clearInterval(looking)
endReaders()
service.stop()
await service.finished
process.exit(0)

function look (): void {
  derivedLagMaxSeconds = Math.max(derivedLagMaxSeconds, derivation.status().lagSeconds)
  for (const { partition: name, nextOffset } of warehouse.positions('kafka')) {
    const partition = Number(name.split('/').at(-1))
    const looks = seen.get(partition) ?? []
    if (looks.at(-1)?.next !== nextOffset) {
      seen.set(partition, [...looks, { next: nextOffset, atMs: performance.timeOrigin + performance.now() }])
    }
  }
}
