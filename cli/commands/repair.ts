// borderflow repair: opens a data folder whose write-ahead log is damaged, by setting the log aside.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import { controlFile } from '../../sinks/control/control.ts'
import { repairDatabase } from '../../sinks/warehouse/repair.ts'
import { warehouseFile } from '../../sinks/warehouse/warehouse.ts'
import { settingsOf, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine } from '../print.ts'

/** Adds the command. */
export function addRepairCommand (program: Command): void {
  withCommonOptions(program.command('repair'))
    .description('set a damaged write-ahead log aside; what it held is read again from the sources at the next start')
    .action(async (options: CommonOptions) => {
      const folder = resolve(settingsOf(options).data.folder)
      const files = [warehouseFile(folder), controlFile(folder)].filter(file => existsSync(file))
      if (files.length === 0) {
        throw new BorderflowError('DATA_FOLDER_INVALID', {
          expected: 'a data folder with a warehouse', found: 'none', where: folder, remedy: 'Name it by --data.'
        })
      }
      const repaired = []
      for (const file of files) repaired.push({ file, ...await repairDatabase(file, systemClock.now()) })
      if (options.json === true) printJson(repaired)
      else for (const { file, setAside } of repaired) printLine(describe(file, setAside))
    })
}

function describe (file: string, setAside: string | null): string {
  return setAside === null
    ? `${file}: opens as it is`
    : `${file}: its log was damaged and is now ${setAside}; start, then run \`borderflow verify\``
}
