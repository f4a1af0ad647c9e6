// Puts a file of simulated messages into the spool every second until it is told to stop.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { simulateDays } from '../../ingest/simulator/index.ts'
import { argument } from '../measure.ts'

const OPTIONS = {
  seed: 7, scale: 4, from: '2018-01-01', to: '2026-06-30', duplicateShare: 0.01, badShare: 0.005, correctionShare: 0.005
}
const FILE_EVERY_MS = 1_000

const spool = join(argument('folder'), 'spool')
const perFile = Math.round(Number(argument('rate')) * FILE_EVERY_MS / 1000)
const sent = { messages: 0, bytes: 0, behindSeconds: 0 }
let stopped = false
process.on('message', () => { stopped = true })

const started = performance.now()
let files = 0
for (const { events: { bytes, ends, count } } of simulateDays(OPTIONS)) {
  for (let first = 0; first < count && !stopped; first += perFile) {
    const last = Math.min(count, first + perFile)
    const part = bytes.subarray(first === 0 ? 0 : ends[first - 1], ends[last - 1])
    // A day's last file is smaller: the next one comes the sooner.
    const dueMs = started + sent.messages / perFile * FILE_EVERY_MS
    await sleep(Math.max(0, dueMs - performance.now()))
    sent.behindSeconds = Math.max(sent.behindSeconds, (performance.now() - dueMs) / 1000)
    const name = `part-${String(files++).padStart(8, '0')}.ndjson`
    writeFileSync(join(spool, `${name}.partial`), part)
    renameSync(join(spool, `${name}.partial`), join(spool, name))
    sent.messages += last - first
    sent.bytes += part.length
  }
  if (stopped) break
}
process.send?.(sent)
process.disconnect()
