// borderflow quarantine: what could not be loaded, and what to do with it.
import type { Command } from 'commander'
import { BorderflowError } from '../../core/errors.ts'
import type { ReplayOutcome } from '../../dags/quarantine/replay.ts'
import type { QuarantineEntry } from '../../sinks/quarantine/entries.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { instantText, printJson, printLine, printTable } from '../print.ts'

interface Chosen extends CommonOptions { reason?: string, all?: boolean, limit?: string, state?: string }
interface Listing { counts: { reason: string, state: string, messages: number }[], entries: QuarantineEntry[] }

/** Adds the commands. */
export function addQuarantineCommands (program: Command): void {
  const quarantine = program.command('quarantine').description('messages that could not be loaded')
  withCommonOptions(quarantine.command('list'))
    .description('counts by reason, and the oldest entries')
    .option('--reason <reason>', 'only this reason')
    .option('--state <state>', 'open, replayed or discarded')
    .option('--limit <entries>', 'entries to list', '20')
    .action(async (options: Chosen) => { await list(options) })
  withCommonOptions(quarantine.command('show'))
    .description('one entry: reason, paths that failed, and the shape of the message with its values masked')
    .argument('<id>')
    .action(async (id: string, options: CommonOptions) => { await show(id, options) })
  withCommonOptions(quarantine.command('replay'))
    .description('judge messages once more, after a code list or a program was mended')
    .argument('[id]', 'one entry; or name a reason, or --all')
    .option('--reason <reason>', 'all open entries of this reason')
    .option('--all', 'all open entries')
    .action(async (id: string | undefined, options: Chosen) => {
      const outcome = await operateForValue<ReplayOutcome>(options, 'quarantine.replay', choice(id, options))
      if (options.json === true) printJson(outcome)
      else {
        printLine(`replayed ${outcome.replayed}: ${outcome.loaded} loaded, ${outcome.duplicate} duplicate, ` +
          `${outcome.superseded} superseded, ${outcome.quarantined} quarantined again`)
      }
    })
  withCommonOptions(quarantine.command('discard'))
    .description('throw payloads away; the entries stay counted')
    .argument('[id]', 'one entry; or name a reason, or --all')
    .option('--reason <reason>', 'all open entries of this reason')
    .option('--all', 'all open entries')
    .action(async (id: string | undefined, options: Chosen) => {
      const outcome = await operateForValue<{ discarded: number }>(options, 'quarantine.discard', choice(id, options))
      if (options.json === true) printJson(outcome)
      else printLine(`discarded ${outcome.discarded}`)
    })
}

async function list (options: Chosen): Promise<void> {
  const listing = await operateForValue<Listing>(options, 'quarantine.list', {
    reason: options.reason, state: options.state, limit: Number(options.limit)
  })
  if (options.json === true) {
    printJson(listing)
    return
  }
  printTable(['reason', 'state', 'messages'], listing.counts.map(row => [row.reason, row.state, row.messages]))
  printTable(['id', 'reason', 'paths', 'contract', 'source', 'partition', 'offset', 'received', 'state'],
    listing.entries.map(entry => [
      entry.id, entry.reason, entry.paths.join(' '), entry.contract, entry.source, entry.partition, entry.offset,
      instantText(entry.receivedAtMs), entry.state
    ]))
}

async function show (id: string, options: CommonOptions): Promise<void> {
  const shown = await operateForValue<{ entry: QuarantineEntry, shape: string | null }>(options, 'quarantine.show', { id })
  if (options.json === true) {
    printJson(shown)
    return
  }
  for (const [name, value] of Object.entries(shown.entry)) {
    printLine(`${name}: ${Array.isArray(value) ? value.join(' ') : name.endsWith('Ms') ? instantText(value as number) : String(value)}`)
  }
  printLine(shown.shape === null ? 'payload: gone' : `shape:\n${shown.shape}`)
}

function choice (id: string | undefined, { reason, all }: Chosen): { id?: string, reason?: string } {
  const given = [id, reason, all === true ? 'all' : undefined].filter(value => value !== undefined).length
  if (given !== 1) {
    throw new BorderflowError('USAGE', { expected: 'an id, --reason or --all', found: given === 0 ? 'none' : 'several' })
  }
  return { ...(id === undefined ? {} : { id }), ...(reason === undefined ? {} : { reason }) }
}
