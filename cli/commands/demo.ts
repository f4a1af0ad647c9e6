// borderflow demo: the service over a simulated country, live at once, with sixty days of history filling in behind.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { businessDay, businessHour, HOUR_MS } from '../../core/civil-date.ts'
import { systemClock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import { createLog } from '../../core/log.ts'
import { loadSettings, type Settings } from '../../core/settings/index.ts'
import { refreshBaseline } from '../../dags/baseline/index.ts'
import { startService, type Service, type ServiceExtras } from '../../main.ts'
import { positionStore } from '../../sinks/warehouse/stores.ts'
import { demoClock, historySource, liveSource, midnight, type CountryOptions } from '../demo/country.ts'
import { figuresOf, type NowFigures } from '../demo/now.ts'
import type { CreatedAccess } from '../operations/access.ts'
import { runOperation } from '../operations/index.ts'
import { printLine } from '../print.ts'
import { createProgress } from '../progress.ts'
import { runRemotely } from '../remote.ts'

interface DemoState extends NowFigures { simulatedNow: string, messages: number }

interface DemoOptions { data: string, scale: string, days: string, seed: string, speed: string, untilLoaded?: boolean }

const MARKER = '.borderflow-demo'
const MARKER_TEXT = 'This folder is made by `borderflow demo` and wiped at its next start. Everything in it is SIMULATED.\n'
const FIGURES_EVERY_MS = 5_000
/** The demo begins at this hour of the simulated day, so that there is something to see. */
const START_HOUR = 8

/** Adds the command. */
export function addDemoCommand (program: Command): void {
  program.command('demo')
    .description('the whole thing over a SIMULATED country: live figures over HTTP and here, history filling in behind')
    .option('--data <folder>', 'folder of the demo, wiped at its start if it is one', './demo-data')
    .option('--scale <share>', 'share of the country', '0.1')
    .option('--days <days>', 'days of history', '60')
    .option('--seed <number>', 'another seed is another country', '1')
    .option('--speed <factor>', 'simulated seconds in a second', '60')
    .option('--until-loaded', 'end when the history is loaded')
    .action(async (options: DemoOptions) => { await demo(options) })
}

async function demo (options: DemoOptions): Promise<void> {
  const started = systemClock.now()
  const historyDays = whole('--days', options.days)
  const seed = whole('--seed', options.seed)
  const scale = positive('--scale', options.scale)
  const speed = positive('--speed', options.speed)
  // Only now: what is wrong with the options is no reason to wipe a folder.
  const settings = demoSettings(resolve(options.data))
  await prepareFolder(settings.data.folder)
  const progress = createProgress('SIMULATED history', 'days', historyDays)
  let daysLoaded = 0
  const country: CountryOptions = {
    seed,
    scale,
    historyDays,
    startAtMs: midnight(started) + Math.max(START_HOUR, businessHour(started)) * HOUR_MS,
    speed,
    onHistoryDay: () => {
      daysLoaded++
      progress.add(1)
    }
  }
  const clock = demoClock(systemClock, country)
  const state = async (service: Pick<Service, 'runtime'>): Promise<DemoState> => ({
    ...await figuresOf(service.runtime, clock.now()),
    simulatedNow: simulatedText(clock.now()),
    messages: service.runtime.warehouse.indexSize().ids
  })
  const service = await start(settings, {
    sources: runtime => {
      const positions = positionStore(runtime.warehouse, systemClock)
      const history = historySource(country, positions)
      return [liveSource(country, clock, positions), {
        ...history,
        async run (taker, signal) {
          await history.run(taker, signal)
          progress.end()
          if (signal.aborted) return
          // What is usual is known from this history at once: the schedule would compute it tomorrow.
          await runtime.warehouse.read(async connection => await refreshBaseline(connection, {
            lists: runtime.warehouse.lists,
            codeNumbers: runtime.warehouse.codeNumbers,
            nowMs: clock.now(),
            bandSpreads: settings.feeds.bandSpreads
          }))
          printLine(`SIMULATED: ${daysLoaded} days of history loaded ${((systemClock.now() - started) / 1000).toFixed(1)} s after the start`)
          if (options.untilLoaded === true) service.stop()
        }
      }]
    },
    simulated: true,
    asOf: () => businessDay(clock.now()),
    now: () => clock.now()
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { service.stop() })
  printLine(`SIMULATED data only. The dashboard, for a day: ${await signInLink(service)} Ctrl-C ends.`)
  const timer = setInterval(() => {
    void state(service).then(printFigures, () => { clearInterval(timer) })
  }, FIGURES_EVERY_MS)
  void firstFigures(service, async () => await state(service), started)
  try {
    await service.finished
  } finally {
    clearInterval(timer)
    progress.end()
  }
  process.exit(0)
}

/** A link that opens the board, ready to be clicked on. */
async function signInLink (service: Service): Promise<string> {
  const result = await runOperation(service.runtime, 'access.create', {
    name: 'demo', role: 'operator', expiresAtMs: systemClock.now() + 24 * HOUR_MS
  })
  const { link } = ('value' in result ? result.value : {}) as Partial<CreatedAccess>
  return link ?? ''
}

/** Prints the figures as soon as there are any. */
async function firstFigures (service: Service, state: () => Promise<DemoState>, started: number): Promise<void> {
  let ended = false
  void service.finished.finally(() => { ended = true }).catch(() => {})
  while (!ended) {
    const now = await state().catch(() => null)
    if (now === null) return
    if (now.arrivals + now.exits > 0) {
      printLine(`SIMULATED: first live figures ${((systemClock.now() - started) / 1000).toFixed(1)} s after the start`)
      printFigures(now)
      return
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

function printFigures (state: DemoState): void {
  const busiest = state.checkpoints.slice(0, 3).map(row => `${row.nameEn} ${row.arrivals + row.exits}`).join(', ')
  printLine(`SIMULATED ${state.simulatedNow}  arrivals ${state.arrivals}  exits ${state.exits}  refused ${state.refused}  ` +
    `messages ${state.messages}  busiest: ${busiest}`)
}

/** Takes the port of the settings, or a free one if that is taken. */
async function start (settings: Settings, extras: ServiceExtras): Promise<Service> {
  const deps = { clock: systemClock, log: createLog(process.env.BORDERFLOW_LOG_LEVEL ?? 'warn') }
  try {
    return await startService(settings, deps, extras)
  } catch (error) {
    if (!(error instanceof BorderflowError) || !error.message.includes('a free port')) throw error
    return await startService({ ...settings, http: { ...settings.http, port: 0 } }, deps, extras)
  }
}

function demoSettings (folder: string): Settings {
  // Only the demo's own: neither Kafka nor a spool folder of a real installation may feed it.
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) =>
    !name.startsWith('BORDERFLOW_') || name.startsWith('BORDERFLOW_HTTP_') || name.startsWith('BORDERFLOW_LOG_')))
  return loadSettings(own, { data: { folder } })
}

/** Wipes the folders of a demo, or makes them. Throws REFUSED for one that is not, and for one that a demo runs on. */
async function prepareFolder (folder: string): Promise<void> {
  // The keys of a data folder lie beside it: they are the demo's own as well, and go with it.
  const folders = [folder, `${folder}-keys`]
  for (const each of folders) {
    if (!existsSync(each) || readdirSync(each).length === 0 || existsSync(join(each, MARKER))) continue
    throw new BorderflowError('REFUSED', {
      expected: 'an empty folder, or one that carries the marker of the demo',
      found: 'a folder with other things in it',
      where: each,
      remedy: 'Name another by --data; nothing was changed.'
    })
  }
  if (await runRemotely(folder, 'tables', {}) !== null) {
    throw new BorderflowError('REFUSED', {
      expected: 'a folder that nothing runs on', found: 'a running demo', where: folder, remedy: 'Stop it first.'
    })
  }
  for (const each of folders) {
    rmSync(each, { recursive: true, force: true })
    mkdirSync(each, { recursive: true, mode: 0o700 })
    writeFileSync(join(each, MARKER), MARKER_TEXT)
  }
}

function simulatedText (instantMs: number): string {
  return new Date(instantMs + 7 * HOUR_MS).toISOString().slice(0, 16).replace('T', ' ')
}

function positive (flag: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new BorderflowError('USAGE', { expected: 'a number above 0', found: text, where: flag })
  return value
}

function whole (flag: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || text.trim() === '') {
    throw new BorderflowError('USAGE', { expected: 'a whole number', found: text, where: flag })
  }
  return value
}
