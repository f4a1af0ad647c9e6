// borderflow backup and restore.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { openDatabase } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { existsSync } from 'node:fs'
import { restore, type BackupManifest } from '../../sinks/warehouse/backup.ts'
import { controlFile } from '../../sinks/control/control.ts'
import { warehouseFile } from '../../sinks/warehouse/warehouse.ts'
import { operateForValue, settingsOf, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine } from '../print.ts'
import { runRemotely } from '../remote.ts'

/** Adds the commands. */
export function addBackupCommands (program: Command): void {
  withCommonOptions(program.command('backup'))
    .description('write one snapshot of the warehouse to a new folder, while loading goes on; keys are not in it')
    .argument('<folder>', 'a folder that does not exist yet')
    .action(async (folder: string, options: CommonOptions) => {
      const manifest = await operateForValue<BackupManifest>(options, 'backup', { folder: resolve(folder) })
      if (options.json === true) printJson(manifest)
      else printLine(`backup of ${manifest.warehouse} written to ${folder}`)
    })
  withCommonOptions(program.command('restore'))
    .description('put a backup in the place of the warehouse; refuses while something runs on the data folder')
    .argument('<folder>', 'the folder of a backup')
    .action(async (folder: string, options: CommonOptions) => {
      const dataFolder = settingsOf(options).data.folder
      await refuseWhileRunning(dataFolder)
      const manifest = await restore(resolve(dataFolder), resolve(folder), systemClock.now())
      if (options.json === true) printJson(manifest)
      else printLine(`restored ${manifest.warehouse} as of ${manifest.createdAt}; what came later is read again at the next start`)
    })
}

async function refuseWhileRunning (dataFolder: string): Promise<void> {
  if (await runRemotely(dataFolder, 'tables', {}) !== null) {
    throw new BorderflowError('REFUSED', {
      expected: 'a data folder that nothing runs on',
      found: 'a running process',
      where: dataFolder,
      remedy: 'Stop it first.'
    })
  }
  // The lock of the file tells of a process that has no socket. A damaged file must not hinder restoring.
  for (const path of [warehouseFile(dataFolder), controlFile(dataFolder)].filter(existsSync)) {
    try {
      await (await openDatabase({ path, memoryLimitMb: 256, threads: 1 })).close()
    } catch (error) {
      if (error instanceof BorderflowError && error.code === 'DATA_FOLDER_BUSY') throw error
    }
  }
}
