// The real thing from a spool folder: the service with only this source, until every file is in `done/`.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { startService } from '../../main.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'

const wanted = Number(argument('events'))
const folder = argument('folder')
const spool = join(folder, 'spool')
cpSync(argument('input'), spool, { recursive: true })
const settings = loadSettings({}, {
  data: { folder: join(folder, 'data') }, http: { enabled: false }, spool: { folder: spool }
})
let service: Awaited<ReturnType<typeof startService>> | undefined
await measure(async started => {
  service = await startService(settings, { clock: systemClock, log: silentLog() })
  if (argument('deriving', 'yes') === 'no') await service.runtime.derivation.stop()
  started()
  const { warehouse } = service.runtime
  await until(() => warehouse.positions('spool').reduce((sum, { nextOffset }) => sum + nextOffset, 0) >= wanted)
  return { events: wanted, bytes: Number(argument('bytes')) }
})
service?.stop()
await service?.finished
process.exit(0)
