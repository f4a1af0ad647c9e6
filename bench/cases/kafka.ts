// The real thing from Kafka: the service with only this source, until everything is loaded.
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { startService } from '../../main.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'

const topics = JSON.parse(argument('topics')) as Record<string, string>
const wanted = Number(argument('events'))
const settings = loadSettings({}, {
  data: { folder: argument('folder') },
  http: { enabled: false },
  kafka: {
    brokers: argument('brokers'),
    topicCrossing: topics['gdi.crossing.v1'] ?? '',
    topicTally: topics['gdi.tally.v1'] ?? '',
    topicExtension: topics['gdi.extension.v1'] ?? '',
    topicRegistration: topics['fpcs.registration.v1'] ?? ''
  }
})
let service: Awaited<ReturnType<typeof startService>> | undefined
await measure(async started => {
  service = await startService(settings, { clock: systemClock, log: silentLog() })
  if (argument('deriving', 'yes') === 'no') await service.runtime.derivation.stop()
  started()
  const { warehouse } = service.runtime
  await until(() => warehouse.positions('kafka').reduce((sum, { nextOffset }) => sum + nextOffset, 0) >= wanted)
  return { events: wanted, bytes: Number(argument('bytes')) }
})
service?.stop()
await service?.finished
process.exit(0)
