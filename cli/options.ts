// Options that every command has, and the settings that result.
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { createLog, type Logger } from '../core/log.ts'
import { loadSettings, type Settings } from '../core/settings/index.ts'
// Types only, and said so: else all that these modules load would be loaded with them.
import type { OperationResult } from './operations/operation.ts'
import { runRemotely } from './remote.ts'

export interface CommonOptions { data?: string, json?: boolean }

/** Adds --data and --json to a command. */
export function withCommonOptions (command: Command): Command {
  return command
    .option('--data <folder>', 'data folder (default: BORDERFLOW_DATA_FOLDER or ./borderflow-data)')
    .option('--json', 'answer for machines: JSON on standard output, errors as JSON on standard error')
}

/** The settings in force for a command. */
export function settingsOf (options: CommonOptions): Settings {
  return loadSettings(process.env, options.data === undefined ? {} : { data: { folder: options.data } })
}

/** The log of a short command: warnings only, unless the level was set. */
export function commandLog (settings: Settings): Logger {
  return createLog(process.env.BORDERFLOW_LOG_LEVEL === undefined ? 'warn' : settings.log.level)
}

/** Runs an operation in the process that holds the data folder, or else here. */
export async function operate (
  options: CommonOptions, name: string, parameters: unknown, take: (result: OperationResult) => Promise<void>
): Promise<void> {
  const settings = settingsOf(options)
  const remote = await runRemotely(settings.data.folder, name, parameters)
  if (remote !== null) {
    await take(remote)
    return
  }
  // Loaded only here: a command that asks a running process needs no database of its own.
  const [{ openRuntime }, { runOperation }] = await Promise.all([import('./runtime.ts'), import('./operations/index.ts')])
  const runtime = await openRuntime(settings, { clock: systemClock, log: commandLog(settings) }, false)
  try {
    await take(await runOperation(runtime, name, parameters))
  } finally {
    await runtime.close()
  }
}

/** Runs an operation that answers with a value. */
export async function operateForValue<T> (options: CommonOptions, name: string, parameters: unknown): Promise<T> {
  let value: unknown
  await operate(options, name, parameters, async result => {
    if ('value' in result) value = result.value
  })
  return value as T
}
