// The real thing from a spool folder: the service with only this source, until every file is in `done/`. Where
// everything is to come again, all of it is loaded before, and what is measured are the same files under other names.
import { cpSync, readdirSync, renameSync } from 'node:fs'
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
const isAgain = argument('again', 'no') === 'yes'
let service: Awaited<ReturnType<typeof startService>> | undefined
if (isAgain) {
  const again = join(folder, 'again')
  cpSync(argument('input'), again, { recursive: true })
  service = await startService(settings, { clock: systemClock, log: silentLog() })
  await loaded(wanted)
  for (const file of readdirSync(again)) renameSync(join(again, file), join(spool, `again-${file}`))
}
await measure(async started => {
  service ??= await startService(settings, { clock: systemClock, log: silentLog() })
  if (argument('deriving', 'yes') === 'no') await service.runtime.derivation.stop()
  started()
  await loaded(isAgain ? 2 * wanted : wanted)
  return { events: wanted, bytes: Number(argument('bytes')) }
})
service?.stop()
await service?.finished
process.exit(0)

async function loaded (count: number): Promise<void> {
  await until(() => (service?.runtime.warehouse.positions('spool') ?? [])
    .reduce((sum, { nextOffset }) => sum + nextOffset, 0) >= count)
}
