// Raw input is deleted when it is old: the one place where personal data rests may not grow for ever.
import { resolve } from 'node:path'
import cron from 'node-cron'
import { errorText } from '../core/errors.ts'
import { purgeSpool } from '../ingest/files/purge.ts'
import { type HttpIntake } from '../ingest/http/intake.ts'
import { type Runtime } from './runtime.ts'

const EVERY_HOUR = '17 * * * *'

/** Purges at once and then every hour, until stopped. */
export function startUpkeep ({ settings, clock, log }: Runtime, intake: HttpIntake | null): { stop (): void } {
  const purge = async (): Promise<void> => {
    try {
      const segments = await intake?.purge(settings.data.rawDays) ?? 0
      const files = settings.spool.folder === undefined
        ? 0
        : await purgeSpool(resolve(settings.spool.folder), settings.data.rawDays, clock)
      if (segments + files > 0) log.info({ segments, files }, 'old raw input deleted')
    } catch (error) {
      log.error({ error: errorText(error) }, 'old raw input could not be deleted')
    }
  }
  void purge()
  // Nothing is owed for an hour that was missed: whatever is old goes the next time, or at the next start.
  const task = cron.schedule(EVERY_HOUR, purge, { name: 'purge raw input', timezone: 'UTC', noOverlap: true })
  return { stop: () => { void task.destroy() } }
}
