// borderflow gap: offsets that can no longer be read, and accepting that they are lost.
import type { Command } from 'commander'
import type { Gap } from '../../sinks/warehouse/positions.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { instantText, printJson, printLine, printTable } from '../print.ts'

/** Adds the commands. */
export function addGapCommands (program: Command): void {
  const gap = program.command('gap').description('messages that a source no longer has')
  withCommonOptions(gap.command('list'))
    .description('all gaps; a partition stands still in front of an open one')
    .action(async (options: CommonOptions) => {
      const gaps = await operateForValue<Gap[]>(options, 'gap.list', {})
      if (options.json === true) printJson(gaps)
      else {
        printTable(['id', 'source', 'partition', 'from', 'to', 'messages', 'detected', 'accepted'], gaps.map(row => [
          row.gapId, row.source, row.partition, row.fromOffset, row.toOffset, row.toOffset - row.fromOffset,
          instantText(row.detectedAtMs), instantText(row.acceptedAtMs)
        ]))
      }
    })
  withCommonOptions(gap.command('accept'))
    .description('count the messages of a gap as lost, and go on behind it')
    .argument('<id>')
    .action(async (id: string, options: CommonOptions) => {
      const accepted = await operateForValue<Gap>(options, 'gap.accept', { id })
      if (options.json === true) printJson(accepted)
      else printLine(`accepted: ${accepted.toOffset - accepted.fromOffset} messages of ${accepted.partition} are lost`)
    })
}
