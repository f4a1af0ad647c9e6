// Wakes the planner: node-cron at the times of the schedules, and a watchdog beside it, for a tick of node-cron that is
// late is not made up for. Neither decides anything, and neither keeps the process alive.
import cron, { type Logger as CronLogger, type ScheduledTask } from 'node-cron'
import { CRON_ZONE } from '../../core/cron.ts'
import type { Logger } from '../../core/log.ts'
import type { Dag } from './dag.ts'

/** Calls `wake` until it is stopped. */
export function startWaking (
  dags: readonly Pick<Dag, 'name' | 'schedule'>[], wake: () => void, { watchdogMs, log }: { watchdogMs: number, log: Logger }
): { stop (): void } {
  const logger: CronLogger = {
    info: message => { log.debug(message) },
    warn: message => { log.debug(message) },
    error: message => { log.debug(String(message)) },
    debug: () => {}
  }
  const tasks: ScheduledTask[] = dags.map(({ name, schedule }) => {
    const task = cron.schedule(schedule.expression, wake, {
      name, timezone: CRON_ZONE, unref: true, suppressMissedWarning: true, logger
    })
    task.on('execution:missed', wake)
    return task
  })
  const watchdog = setInterval(wake, watchdogMs)
  watchdog.unref()
  return {
    stop () {
      clearInterval(watchdog)
      for (const task of tasks) void task.destroy()
    }
  }
}
