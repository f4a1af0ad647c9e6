// Runs the cases in turns and prints medians and ratios to plain DuckDB of the same run.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brokerForTests, createTopic, stopSharedBroker } from '../test/support/broker.ts'
import { measureDerivation } from './derive/run.ts'
import { makeEvents, type BenchEvents } from './events.ts'
import { argument, type Measured } from './measure.ts'

const CASES = ['plain', 'read', 'kafka', 'kafka-loading', 'folder', 'folder-loading', 'folder-again', 'http'] as const
type Case = (typeof CASES)[number]
/** Loading alone: the same case without deriving stays beside it. */
const LOADING = '-loading'
/** Everything a second time: duplicates alone. */
const AGAIN = '-again'
type Row = { case: string } & Record<string, string | number>

const AGE_SECONDS = '10'
const READERS_RATE = '20000'
const SOAK_RATE = '17000'

const run = promisify(execFile)
const rounds = Number(argument('rounds', '3'))
const wanted = Number(argument('events', '500000'))
const contract = argument('contract', 'all')
const only = argument('only', CASES.join(',')).split(',')
const histories = numbers('history', '1,5,10,20')
const rates = numbers('age', '1000,5000,10000,50000')
const ratesBeside = numbers('age-beside', '5000')
const derivations = numbers('derive', '2,20')
const boards = numbers('readers', '1,20')
const soaks = numbers('soak', 'none')
const work = mkdtempSync(join(tmpdir(), 'borderflow-bench-'))

try {
  const isKafkaNeeded = rates.length + ratesBeside.length > 0 || only.some(name => name.startsWith('kafka') || name === 'read')
  const brokers = isKafkaNeeded ? await brokerForTests() : null
  const input = join(work, 'input')
  const events = await makeEvents(wanted, contract === 'all' ? null : contract, input, brokers)
  const results = new Map<Case, Measured[]>()
  for (let round = 0; round < rounds; round++) {
    for (const name of CASES.filter(name => only.includes(name))) {
      const folder = mkdtempSync(join(work, `${name}-`))
      const measured = await runCase(name, folder, input, events, brokers)
      results.set(name, [...results.get(name) ?? [], measured])
      rmSync(folder, { recursive: true, force: true })
      process.stderr.write(`round ${round + 1} ${name}: ${Math.round(measured.events / measured.seconds)} events/s\n`)
    }
  }
  const more = [
    ...await runHistories(input, events), ...await runAges(input, events, brokers), ...await runDerivations(),
    ...await runBeside(input, events), ...await runReaders(input, events), ...await runSoaks(input, events)
  ]
  print(results, events, more)
} finally {
  rmSync(work, { recursive: true, force: true })
  await stopSharedBroker()
}

/** Cost per event and start-up on histories of so many million rows, by the loader alone. */
async function runHistories (input: string, events: BenchEvents): Promise<Row[]> {
  const rows: Row[] = []
  for (const millions of histories) {
    const folder = mkdtempSync(join(work, 'history-'))
    const measured = await runCase('history', folder, input, events, null, ['--rows', String(millions * 1e6)])
    rmSync(folder, { recursive: true, force: true })
    rows.push({ case: `history of ${millions} million rows`, ...rowOf([measured]), ...rounded(measured.more) })
  }
  return rows
}

/** Rebuild and refresh of the derived tables: events are travellers. */
async function runDerivations (): Promise<Row[]> {
  const all = await measureDerivation(derivations, rounds, work)
  return all.map(({ label, measured }) => ({
    case: label,
    seconds: tenths(median(measured.map(({ seconds }) => seconds))),
    cpuSeconds: tenths(median(measured.map(({ cpuSeconds }) => cpuSeconds))),
    ...rowOf(measured)
  }))
}

/** Age of an event when it becomes visible, at so many events a second. */
async function runAges (input: string, events: BenchEvents, brokers: string | null): Promise<Row[]> {
  const rows: Row[] = []
  const asked = [
    ...rates.map(rate => ({ rate, slowReaders: 'no', beside: '' })),
    ...ratesBeside.map(rate => ({ rate, slowReaders: 'yes', beside: ', eight slow readers and a checkpoint' }))
  ]
  for (const { rate, slowReaders, beside } of brokers === null ? [] : asked) {
    const folder = mkdtempSync(join(work, 'age-'))
    const topic = `bench.age.${rate}.${slowReaders}.${process.pid}`
    await createTopic(brokers as string, topic, 4)
    const measured = await runCase('age', folder, input, events, brokers,
      ['--rate', String(rate), '--topic', topic, '--seconds', AGE_SECONDS, '--slow-readers', slowReaders])
    rmSync(folder, { recursive: true, force: true })
    rows.push({ case: `age at ${rate} events/s${beside}`, ...rowOf([measured]), ...rounded(measured.more) })
  }
  return rows
}

/** Loading with derivation beside it against loading alone. */
async function runBeside (input: string, events: BenchEvents): Promise<Row[]> {
  if (argument('beside', 'yes') === 'none') return []
  const all: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    const folder = mkdtempSync(join(work, 'beside-'))
    all.push(await runCase('beside', folder, input, events, null))
    rmSync(folder, { recursive: true, force: true })
  }
  const names = Object.keys(all[0]?.more ?? {})
  const more = Object.fromEntries(names.map(name => [name, median(all.map(measured => measured.more?.[name] ?? 0))]))
  return [{ case: 'loading with derivation beside', ...rowOf(all), ...rounded(more) }]
}

/** Fifty readers of the board while loading, on histories of so many million crossings. */
async function runReaders (input: string, events: BenchEvents): Promise<Row[]> {
  const rows: Row[] = []
  for (const millions of boards) {
    const folder = mkdtempSync(join(work, 'readers-'))
    const measured = await runCase('readers', folder, input, events, null,
      ['--rows', String(millions * 1e6), '--rate', READERS_RATE])
    rmSync(folder, { recursive: true, force: true })
    rows.push({
      case: `50 readers at ${READERS_RATE} events/s, ${millions} million crossings`, ...rowOf([measured]), ...rounded(measured.more)
    })
  }
  return rows
}

/** So many minutes of loading at a steady rate. */
async function runSoaks (input: string, events: BenchEvents): Promise<Row[]> {
  const rows: Row[] = []
  for (const minutes of soaks) {
    const folder = mkdtempSync(join(work, 'soak-'))
    const measured = await runCase('soak', folder, input, events, null,
      ['--minutes', String(minutes), '--rate', argument('soak-rate', SOAK_RATE)])
    rmSync(folder, { recursive: true, force: true })
    rows.push({ case: `${minutes} minutes of soak`, ...rowOf([measured]), ...rounded(measured.more) })
  }
  return rows
}

async function runCase (
  name: Case | 'history' | 'age' | 'beside' | 'readers' | 'soak', folder: string, input: string, events: BenchEvents,
  brokers: string | null, more: string[] = []
): Promise<Measured> {
  const script = fileURLToPath(new URL(`./cases/${name.replace(LOADING, '').replace(AGAIN, '')}.js`, import.meta.url))
  const { stdout } = await run(process.execPath, [script,
    '--folder', name === 'plain' ? input : folder, '--input', input,
    '--database', join(folder, 'plain.duckdb'),
    '--events', String(events.count), '--bytes', String(events.bytes), '--topics', JSON.stringify(events.topics),
    '--brokers', brokers ?? '', '--deriving', name.endsWith(LOADING) ? 'no' : 'yes',
    '--again', name.endsWith(AGAIN) ? 'yes' : 'no', ...more
  ], { env: { ...process.env, UV_THREADPOOL_SIZE: '16' }, maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Measured
}

function print (results: ReadonlyMap<Case, Measured[]>, { count, bytes }: BenchEvents, more: readonly Row[]): void {
  const rate = (name: Case): number => median((results.get(name) ?? []).map(({ events, seconds }) => events / seconds))
  const rows = [...results.keys()].map(name => {
    const all = results.get(name) ?? []
    return {
      case: name,
      megabytesPerSecond: tenths(rate(name) * (bytes / count) / 1e6),
      ...rowOf(all),
      ratioToPlain: results.has('plain') ? Math.round(rate(name) / rate('plain') * 1000) / 1000 : null
    }
  })
  const report = {
    node: process.versions.node,
    cpus: cpus().length,
    events: count,
    bytesPerEvent: Math.round(bytes / count),
    rounds,
    rows,
    more
  }
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`)
  else {
    process.stdout.write(`${count} events of ${report.bytesPerEvent} bytes, ${rounds} rounds, medians\n`)
    console.table(rows)
    if (more.length > 0) console.table(more)
  }
}

/** What all cases measure, medians over their rounds. */
function rowOf (all: readonly Measured[]): Omit<Row, 'case'> {
  const middle = (of: (measured: Measured) => number): number => median(all.map(of))
  return {
    eventsPerSecond: Math.round(middle(({ events, seconds }) => events / seconds)),
    cpuSecondsPerMillion: tenths(middle(({ cpuSeconds, events }) => cpuSeconds / events * 1e6)),
    peakRssMb: Math.round(middle(({ peakRssMb }) => peakRssMb)),
    loopHeldP99Ms: tenths(middle(({ loopHeldP99Ms }) => loopHeldP99Ms)),
    loopHeldMaxMs: tenths(middle(({ loopHeldMaxMs }) => loopHeldMaxMs)),
    // The one figure that is no median: a bound of turns is one of every turn.
    loopHeldLongestMs: tenths(Math.max(...all.map(({ loopHeldMaxMs }) => loopHeldMaxMs))),
    loopDelayP99Ms: tenths(middle(({ loopDelayP99Ms }) => loopDelayP99Ms))
  }
}

function rounded (more: Record<string, number> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(more).map(([name, value]) => [name, tenths(value)]))
}

function numbers (name: string, fallback: string): number[] {
  const text = argument(name, fallback)
  return text === 'none' ? [] : text.split(',').map(Number)
}

function median (values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] as number : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function tenths (value: number): number {
  return Math.round(value * 10) / 10
}
