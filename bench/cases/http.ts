// The real thing over HTTP: one sender in this process posts batches of 1,000 messages, four requests at a time, to the
// service in this process, until everything is loaded. The sender's CPU is in the figures.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { post } from '../../ingest/simulator/index.ts'
import { startService } from '../../main.ts'
import { createAccess } from '../../sinks/control/access.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'

const BATCH_MESSAGES = 1_000
const REQUESTS = 4
const NEWLINE = 10

const wanted = Number(argument('events'))
const settings = loadSettings({}, { data: { folder: argument('folder') }, http: { port: 0 } })
const service = await startService(settings, { clock: systemClock, log: silentLog() })
const { token } = await createAccess(service.runtime.control, { name: 'bench', role: 'producer', expiresAtMs: null }, systemClock.now())
const bodies = readdirSync(argument('input')).sort().flatMap(file => batches(readFileSync(join(argument('input'), file))))
await measure(async () => {
  const target = { url: service.address as string, token }
  let next = 0
  await Promise.all(Array.from({ length: REQUESTS }, async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(target, body)
  }))
  const { warehouse } = service.runtime
  await until(() => (warehouse.position('http', 'http')?.nextOffset ?? 0) >= wanted)
  return { events: wanted, bytes: Number(argument('bytes')) }
})
service.stop()
await service.finished
process.exit(0)

function batches (bytes: Buffer): Buffer[] {
  const bodies: Buffer[] = []
  let start = 0
  let lines = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) {
    if (++lines % BATCH_MESSAGES === 0) {
      bodies.push(bytes.subarray(start, end + 1))
      start = end + 1
    }
  }
  if (start < bytes.length) bodies.push(bytes.subarray(start))
  return bodies
}
