// Runs the cases in turns and prints medians and ratios to plain DuckDB of the same run.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brokerForTests, stopSharedBroker } from '../test/support/broker.ts'
import { makeEvents, type BenchEvents } from './events.ts'
import { argument, type Measured } from './measure.ts'

const CASES = ['plain', 'read', 'kafka', 'folder', 'http'] as const
type Case = (typeof CASES)[number]

const run = promisify(execFile)
const rounds = Number(argument('rounds', '3'))
const wanted = Number(argument('events', '500000'))
const only = argument('only', CASES.join(',')).split(',')
const work = mkdtempSync(join(tmpdir(), 'borderflow-bench-'))

try {
  const brokers = only.some(name => name === 'kafka' || name === 'read') ? await brokerForTests() : null
  const input = join(work, 'input')
  const events = await makeEvents(wanted, input, brokers)
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
  print(results, events)
} finally {
  rmSync(work, { recursive: true, force: true })
  await stopSharedBroker()
}

async function runCase (
  name: Case, folder: string, input: string, events: BenchEvents, brokers: string | null
): Promise<Measured> {
  const script = fileURLToPath(new URL(`./cases/${name}.js`, import.meta.url))
  const { stdout } = await run(process.execPath, [script,
    '--folder', name === 'plain' ? input : folder, '--input', input,
    '--database', join(folder, 'plain.duckdb'),
    '--events', String(events.count), '--bytes', String(events.bytes), '--topics', JSON.stringify(events.topics),
    '--brokers', brokers ?? ''
  ], { env: { ...process.env, UV_THREADPOOL_SIZE: '16' }, maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Measured
}

function print (results: ReadonlyMap<Case, Measured[]>, { count, bytes }: BenchEvents): void {
  const rate = (name: Case): number => median((results.get(name) ?? []).map(({ events, seconds }) => events / seconds))
  const rows = [...results.keys()].map(name => {
    const all = results.get(name) ?? []
    return {
      case: name,
      eventsPerSecond: Math.round(rate(name)),
      megabytesPerSecond: tenths(rate(name) * (bytes / count) / 1e6),
      cpuSecondsPerMillion: tenths(median(all.map(({ cpuSeconds, events }) => cpuSeconds / events * 1e6))),
      peakRssMb: Math.round(median(all.map(({ peakRssMb }) => peakRssMb))),
      ratioToPlain: results.has('plain') ? Math.round(rate(name) / rate('plain') * 1000) / 1000 : null
    }
  })
  const report = {
    node: process.versions.node,
    cpus: cpus().length,
    events: count,
    bytesPerEvent: Math.round(bytes / count),
    rounds,
    rows
  }
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`)
  else {
    process.stdout.write(`${count} events of ${report.bytesPerEvent} bytes, ${rounds} rounds, medians\n`)
    console.table(rows)
  }
}

function median (values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] as number : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function tenths (value: number): number {
  return Math.round(value * 10) / 10
}
