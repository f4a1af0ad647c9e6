// How long a browser takes to its first board on a warehouse with millions of crossings; then the board while loading:
// fifty readers in a process of their own ask for it every second and keep a stream. A third of the events is loaded as
// fast as it goes without readers, a third with them, and a third at the steady rate; the requests and the ages of
// posted events are those of the last.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import type { Role } from '../../core/roles.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { startService } from '../../main.ts'
import { createAccess } from '../../sinks/control/access.ts'
import { makeHistory, openHistory } from '../derive/history.ts'
import { linesOf } from '../lines.ts'
import { argument, measure } from '../measure.ts'
import { until } from '../until.ts'
import { firstBoardSeconds } from './first-board.ts'
import type { ReadersSeen } from './readers-clients.ts'

const FILES_A_SECOND = 4
const POLL_MS = 50
const HISTORY_MEMORY_MB = 3072

const folder = argument('folder')
const rate = Number(argument('rate'))
const spool = join(folder, 'spool')
const waiting = join(folder, 'waiting')
for (const made of [spool, waiting]) mkdirSync(made, { recursive: true })
const history = await openHistory(join(folder, 'data'), HISTORY_MEMORY_MB)
await makeHistory(history, Number(argument('rows')))
await history.close()
const lines = linesOf(argument('input'))
const third = Math.floor(lines.length / 3)
const parts = [0, 1, 2].map(part => writeFiles(part, lines.slice(part * third, (part + 1) * third)))

const service = await startService(loadSettings({}, {
  data: { folder: join(folder, 'data') },
  keys: { folder: join(folder, 'data', 'keys') },
  http: { port: 0 },
  spool: { folder: spool, pollIntervalMs: POLL_MS }
}), { clock: systemClock, log: silentLog() })
const { warehouse, control, derivation } = service.runtime

await derived()
const firstSeconds = await firstBoardSeconds(async () => `${service.address}/?lang=en#token=${await token('operator')}`)
const alone = await load(parts[0] as string[], Infinity)
const clients = fork(fileURLToPath(new URL('./readers-clients.js', import.meta.url)),
  ['--url', service.address as string, '--reader', await token('operator'), '--producer', await token('producer')])
await once(clients, 'message')
const beside = await load(parts[1] as string[], Infinity)
await answer(clients, 'begin')
await measure(async () => {
  const files = parts[2] as string[]
  const steadyEventsPerSecond = await load(files, rate)
  const seen = await answer(clients, 'end') as ReadersSeen
  return {
    events: third,
    bytes: 0,
    more: {
      ...seen,
      firstBoardSeconds: firstSeconds,
      behindSeconds: third / steadyEventsPerSecond - (files.length - 1) / FILES_A_SECOND,
      aloneEventsPerSecond: alone,
      besideEventsPerSecond: beside,
      besidePercentOfAlone: beside / alone * 100
    }
  }
})
clients.kill()
service.stop()
await service.finished
process.exit(0)

/** Puts files into the spool, no faster than the rate, and waits until all is loaded; events a second. */
async function load (files: readonly string[], ratePerSecond: number): Promise<number> {
  await derived()
  const wanted = loaded() + third
  const started = performance.now()
  for (const [i, file] of files.entries()) {
    if (ratePerSecond !== Infinity) {
      await sleep(Math.max(0, started + i * 1000 / FILES_A_SECOND - performance.now()))
    }
    renameSync(join(waiting, file), join(spool, file))
  }
  await until(() => loaded() >= wanted)
  return third / (performance.now() - started) * 1000
}

function loaded (): number {
  return warehouse.positions('spool').reduce((sum, { nextOffset }) => sum + nextOffset, 0)
}

/** Resolves when the derived tables have caught up, so that each part begins alike. */
async function derived (): Promise<void> {
  await until(() => derivation.status().derived !== null && derivation.status().lagSeconds === 0)
}

function writeFiles (part: number, messages: readonly Buffer[]): string[] {
  const perFile = Math.round(rate / FILES_A_SECOND)
  return Array.from({ length: Math.ceil(messages.length / perFile) }, (_, i) => {
    const name = `part-${part}-${String(i).padStart(6, '0')}.ndjson`
    const of = messages.slice(i * perFile, (i + 1) * perFile)
    writeFileSync(join(waiting, name), Buffer.concat(of.flatMap(line => [line, Buffer.from('\n')])))
    return name
  })
}

async function token (role: Role): Promise<string> {
  return (await createAccess(control, { name: `bench ${role}`, role, expiresAtMs: null }, systemClock.now())).token
}

async function answer (child: ChildProcess, word: string): Promise<unknown> {
  child.send(word)
  const [message] = await once(child, 'message') as [unknown]
  return message
}
