// Derivation beside loading, in one process: quarters of the events without it, with it, with it and without it, so
// that what the machine does meanwhile falls on both. Then how long after the load's end the tables have caught up.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { startService } from '../../main.ts'
import { linesOf } from '../lines.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'

const FILE_MESSAGES = 20_000
const NEWLINE = Buffer.from('\n')

const folder = argument('folder')
const spool = join(folder, 'spool')
const waiting = join(folder, 'waiting')
for (const made of [spool, waiting]) mkdirSync(made, { recursive: true })
const lines = linesOf(argument('input'))
const quarter = Math.floor(lines.length / 4)
const quarters = [0, 1, 2, 3].map(i => writeFiles(i, lines.slice(i * quarter, (i + 1) * quarter)))
const service = await startService(loadSettings({}, {
  data: { folder: join(folder, 'data') }, http: { enabled: false }, spool: { folder: spool, pollIntervalMs: 50 }
}), { clock: systemClock, log: silentLog() })
const { warehouse, derivation } = service.runtime

await measure(async () => {
  const seconds = { alone: 0, beside: 0 }
  let caughtUpSeconds = 0
  for (const [i, files] of quarters.entries()) {
    const isBeside = i === 1 || i === 2
    await (isBeside ? derivation.start() : derivation.stop())
    seconds[isBeside ? 'beside' : 'alone'] += await load(files, quarter * (i + 1))
    if (i === 2) caughtUpSeconds = await catchUp()
  }
  return {
    events: quarter * 4,
    bytes: 0,
    more: {
      aloneEventsPerSecond: quarter * 2 / seconds.alone,
      besideEventsPerSecond: quarter * 2 / seconds.beside,
      besidePercentOfAlone: seconds.alone / seconds.beside * 100,
      caughtUpSeconds
    }
  }
})
service.stop()
await service.finished
process.exit(0)

/** Puts files into the spool and waits until all of them are loaded; seconds. */
async function load (files: readonly string[], wanted: number): Promise<number> {
  const begun = performance.now()
  for (const file of files) renameSync(join(waiting, file), join(spool, file))
  await until(() => warehouse.positions('spool').reduce((sum, { nextOffset }) => sum + nextOffset, 0) >= wanted)
  return (performance.now() - begun) / 1000
}

async function catchUp (): Promise<number> {
  const begun = performance.now()
  await until(() => derivation.status().derived !== null && derivation.status().lagSeconds === 0)
  return (performance.now() - begun) / 1000
}

function writeFiles (part: number, messages: readonly Buffer[]): string[] {
  return Array.from({ length: Math.ceil(messages.length / FILE_MESSAGES) }, (_, i) => {
    const name = `part-${part}-${String(i).padStart(6, '0')}.ndjson`
    const of = messages.slice(i * FILE_MESSAGES, (i + 1) * FILE_MESSAGES)
    writeFileSync(join(waiting, name), Buffer.concat(of.flatMap(line => [line, NEWLINE])))
    return name
  })
}
