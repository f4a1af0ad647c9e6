// borderflow ingest: files and folders, once.
import type { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import { parseInstant } from '../../core/instant.ts'
import { normaliseContext } from '../../dags/loading/context.ts'
import { decodeBatch } from '../../dags/loading/decode-batch.ts'
import { createLoader } from '../../dags/loading/loader.ts'
import { readFilesOnce } from '../../ingest/files/once.ts'
import { fileRegistry, positionStore } from '../../sinks/warehouse/stores.ts'
import { commandLog, settingsOf, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine } from '../print.ts'
import { createProgress } from '../progress.ts'
import { openRuntime } from '../runtime.ts'

interface IngestOptions extends CommonOptions { receivedAt?: string }

interface IngestTotals {
  read: number
  loaded: number
  duplicate: number
  superseded: number
  quarantined: Record<string, number>
}

/** Adds the command. */
export function addIngestCommand (program: Command): void {
  withCommonOptions(program.command('ingest'))
    .description('load files (.ndjson, .jsonl, also .gz or .zst), or the files of folders, once, in the order of their names')
    .argument('<path...>', 'files and folders; they are never moved or altered')
    .option('--received-at <time>', 'for archives: when the messages were received, RFC 3339')
    .action(async (paths: string[], options: IngestOptions) => { await ingest(paths, options) })
}

async function ingest (paths: string[], options: IngestOptions): Promise<void> {
  const receivedAtMs = options.receivedAt === undefined ? undefined : receivedAt(options.receivedAt)
  const settings = settingsOf(options)
  const log = commandLog(settings)
  const runtime = await openRuntime(settings, { clock: systemClock, log })
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { stopping.abort() })
  try {
    const { warehouse } = runtime
    const context = normaliseContext(warehouse)
    const progress = createProgress('loading', 'messages')
    const loader = createLoader(settings.loading, {
      decode: async batch => await decodeBatch(context, batch),
      write: async batches => await warehouse.load(batches),
      onGroup: ({ batches }) => { progress.add(batches.reduce((sum, batch) => sum + batch.messageCount, 0)) }
    })
    const results = await readFilesOnce(paths, receivedAtMs === undefined ? {} : { receivedAtMs }, {
      files: fileRegistry(warehouse), positions: positionStore(warehouse, systemClock), clock: systemClock, log
    }, loader, stopping.signal).finally(() => { progress.end() })
    const totals: IngestTotals = { read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
    for (const { path, state, outcome } of results) {
      if (state === 'alreadyLoaded') process.stderr.write(`borderflow: ${path}: was loaded before; nothing read\n`)
      if (state === 'interrupted') process.stderr.write(`borderflow: ${path}: interrupted; give it again to go on\n`)
      add(totals, outcome)
    }
    await warehouse.checkpoint()
    print(totals, options)
    if (stopping.signal.aborted) process.exitCode = 1
  } finally {
    await runtime.close()
  }
}

function add (totals: IngestTotals, outcome: Omit<IngestTotals, never>): void {
  totals.read += outcome.read
  totals.loaded += outcome.loaded
  totals.duplicate += outcome.duplicate
  totals.superseded += outcome.superseded
  for (const [reason, count] of Object.entries(outcome.quarantined)) {
    totals.quarantined[reason] = (totals.quarantined[reason] ?? 0) + count
  }
}

function print (totals: IngestTotals, options: CommonOptions): void {
  if (options.json === true) {
    printJson(totals)
    return
  }
  const quarantined = Object.values(totals.quarantined).reduce((sum, count) => sum + count, 0)
  printLine(`read ${totals.read}: ${totals.loaded} loaded, ${totals.duplicate} duplicate, ` +
    `${totals.superseded} superseded, ${quarantined} quarantined`)
  for (const [reason, count] of Object.entries(totals.quarantined)) printLine(`  ${reason} ${count}`)
  if (quarantined > 0) printLine('See `borderflow quarantine list`.')
}

function receivedAt (text: string): number {
  const ms = parseInstant(text)
  if (ms === null) {
    throw new BorderflowError('USAGE', {
      expected: 'a time like 2026-10-01T05:30:00+07:00', found: text, where: '--received-at'
    })
  }
  return ms
}
