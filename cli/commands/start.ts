// borderflow start: the service, until a signal ends it.
import type { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { createLog } from '../../core/log.ts'
import { startService } from '../../main.ts'
import { EXIT_FAILED, EXIT_OK } from '../exit.ts'
import { settingsOf, withCommonOptions, type CommonOptions } from '../options.ts'

/** Adds the command. */
export function addStartCommand (program: Command): void {
  withCommonOptions(program.command('start'))
    .description('read from the sources of the settings, load, and serve, until SIGTERM or SIGINT')
    .action(async (options: CommonOptions) => {
      const settings = settingsOf(options)
      const log = createLog(settings.log.level)
      // A signal may come while the warehouse is still being opened: it is obeyed once there is something to stop.
      const stopping = new AbortController()
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { stopping.abort() })
      const service = await startService(settings, { clock: systemClock, log })
      if (stopping.signal.aborted) service.stop()
      else stopping.signal.addEventListener('abort', () => { service.stop() })
      try {
        await service.finished
        process.exit(EXIT_OK)
      } catch {
        // The reason is in the log. A supervisor starts the process again.
        process.exit(EXIT_FAILED)
      }
    })
}
