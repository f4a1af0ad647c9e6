// Loading at a steady rate for long: a sender in a process of its own puts a file a second into the spool while the
// service loads and derives, and every tenth of the time says what the process holds. Memory is to be flat but for the
// id index, whose growth is stated apart.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { startService } from '../../main.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'

const PARTS = 10
const SAMPLE_MS = 5_000
const MIB = 1024 * 1024

const folder = argument('folder')
const spool = join(folder, 'spool')
const done = join(spool, 'done')
mkdirSync(spool, { recursive: true })
const partMs = Number(argument('minutes')) * 60_000 / PARTS
const service = await startService(loadSettings({}, {
  data: { folder: join(folder, 'data') }, http: { enabled: false }, spool: { folder: spool, pollIntervalMs: 50 }
}), { clock: systemClock, log: silentLog() })
const { warehouse, derivation } = service.runtime

await measure(async started => {
  const sender = fork(fileURLToPath(new URL('./soak-sender.js', import.meta.url)), process.argv.slice(2))
  started()
  const more: Record<string, number> = {}
  for (let part = 1; part <= PARTS; part++) {
    const seen = await watch(partMs)
    more[`part${part}MemoryMb`] = seen.memoryMb
    more[`part${part}PeakMb`] = seen.peakMb
    more[`part${part}DerivedLagSeconds`] = seen.lagSeconds
    process.stderr.write(`soak ${part}/${PARTS}: ${JSON.stringify({ ...seen, loaded: loaded() })}\n`)
  }
  sender.send('stop')
  const [sent] = await once(sender, 'message') as [{ messages: number, bytes: number, behindSeconds: number }]
  const ended = performance.now()
  await until(() => loaded() >= sent.messages)
  const loadedSeconds = (performance.now() - ended) / 1000
  await until(() => derivation.status().lagSeconds === 0)
  const { ids, bytes } = warehouse.indexSize()
  return {
    events: sent.messages,
    bytes: sent.bytes,
    more: {
      ...more,
      senderBehindSeconds: sent.behindSeconds,
      loadedSeconds,
      derivedSeconds: (performance.now() - ended) / 1000,
      ids,
      indexMb: bytes / MIB
    }
  }
})
service.stop()
await service.finished
process.exit(0)

/** Median and peak of what the process holds besides the id index, and how far derivation is behind at most. */
async function watch (milliseconds: number): Promise<{ memoryMb: number, peakMb: number, lagSeconds: number }> {
  const samples: number[] = []
  let lagSeconds = 0
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    await sleep(Math.min(SAMPLE_MS, Math.max(0, end - performance.now())))
    samples.push((process.memoryUsage.rss() - warehouse.indexSize().bytes) / MIB)
    lagSeconds = Math.max(lagSeconds, derivation.status().lagSeconds)
    // An hour of files would fill the disk.
    for (const name of readdirSync(done)) rmSync(join(done, name), { force: true })
  }
  samples.sort((a, b) => a - b)
  return { memoryMb: samples[Math.floor(samples.length / 2)] ?? NaN, peakMb: samples.at(-1) ?? NaN, lagSeconds }
}

function loaded (): number {
  return warehouse.positions('spool').reduce((sum, { nextOffset }) => sum + nextOffset, 0)
}
