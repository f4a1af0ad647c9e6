// The real thing over HTTP: a sender in a process of its own posts batches of 1,000 messages, four requests at a time,
// and does not wait for the counts; the clock runs until everything is loaded. The sender's CPU is not in the figures.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { startService } from '../../main.ts'
import { createAccess } from '../../sinks/control/access.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'

const wanted = Number(argument('events'))
const settings = loadSettings({}, { data: { folder: argument('folder') }, http: { port: 0 } })
const service = await startService(settings, { clock: systemClock, log: silentLog() })
const { token } = await createAccess(service.runtime.control,
  { name: 'bench', role: 'producer', expiresAtMs: null }, systemClock.now())
const sender = fork(fileURLToPath(new URL('./http-sender.js', import.meta.url)), process.argv.slice(2), { execArgv: [] })
await once(sender, 'message')
await measure(async () => {
  sender.send({ url: service.address as string, token })
  const { warehouse } = service.runtime
  await until(() => (warehouse.position('http', 'http')?.nextOffset ?? 0) >= wanted)
  return { events: wanted, bytes: Number(argument('bytes')) }
})
service.stop()
await service.finished
process.exit(0)
