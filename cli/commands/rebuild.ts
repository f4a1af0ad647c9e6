// borderflow rebuild: what is kept of the published tables, anew from the facts.
import type { Command } from 'commander'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine } from '../print.ts'

interface Rebuilt { recomputed: string[], asOf?: string, travellers?: number, derivedThrough?: number }

/** Adds the command. */
export function addRebuildCommand (program: Command): void {
  withCommonOptions(program.command('rebuild'))
    .description('recompute from the facts a table and those kept with it, or all; says which it recomputed')
    .argument('[table]', 'see `borderflow tables`: flows and flows_hourly are kept together, and so are all that rest ' +
      'on stays; the others are computed at each reading, and nothing is done')
    .option('--as-of <date>', 'tables that rest on stays as of this date; a running service moves them on to today')
    .action(async (table: string | undefined, options: CommonOptions & { asOf?: string }) => {
      const rebuilt = await operateForValue<Rebuilt>(options, 'rebuild', { table, asOf: options.asOf })
      if (options.json === true) printJson(rebuilt)
      else printLine(describe(rebuilt, table))
    })
}

function describe ({ recomputed, asOf, travellers }: Rebuilt, table: string | undefined): string {
  if (recomputed.length === 0) return `nothing to rebuild: ${table} is computed from the facts at each reading`
  const ofTravellers = asOf === undefined ? '' : `; ${travellers} travellers, as of ${asOf}`
  return `rebuilt ${recomputed.join(', ')}${ofTravellers}`
}
