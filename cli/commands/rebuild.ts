// borderflow rebuild: the derived tables, anew from the facts.
import { type Command } from 'commander'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine } from '../print.ts'

interface Rebuilt { asOf: string, travellers: number, derivedThrough: number }

/** Adds the command. */
export function addRebuildCommand (program: Command): void {
  withCommonOptions(program.command('rebuild'))
    .description('recompute the derived tables from the facts; they are derived together, whichever is named')
    .argument('[table]', 'see `borderflow tables`')
    .option('--as-of <date>', 'as of this date; a running service moves them on to today')
    .action(async (table: string | undefined, options: CommonOptions & { asOf?: string }) => {
      const rebuilt = await operateForValue<Rebuilt>(options, 'rebuild', { table, asOf: options.asOf })
      if (options.json === true) printJson(rebuilt)
      else printLine(`rebuilt as of ${rebuilt.asOf}: ${rebuilt.travellers} travellers`)
    })
}
