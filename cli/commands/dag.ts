// borderflow dag: what runs by itself, how it is doing, and running it by hand.
import { InvalidArgumentError, type Command } from 'commander'
import type { HandPlan, HandRun } from '../../dags/engine/manual.ts'
import type { DagStatus } from '../../dags/engine/status.ts'
import { RUN_STATUSES, type Run, type TaskRun } from '../../sinks/control/dag-runs.ts'
import { EXIT_FAILED } from '../exit.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { instantText, printJson, printLine, printTable } from '../print.ts'

interface RunOptions extends CommonOptions {
  period?: string
  from?: string
  to?: string
  again?: boolean
  dryRun?: boolean
}

interface RunsOptions extends CommonOptions { dag?: string, status?: string, limit: number }

interface Shown extends DagStatus {
  catchUp: { kind: string }
  retry: { attemptsMax: number }
  tasks: { task: string, after: string[], timeoutSeconds: number }[]
  runs: Run[]
  lastTasks: TaskRun[]
}

/** Adds the commands. */
export function addDagCommands (program: Command): void {
  const dag = program.command('dag').description('upkeep by schedule: day roll, verify, compaction, baseline, purge')
  withCommonOptions(dag.command('list'))
    .description('every DAG: last run, next due, failing since')
    .action(async (options: CommonOptions) => {
      const dags = await operateForValue<DagStatus[]>(options, 'dag.list', {})
      if (options.json === true) printJson(dags)
      else printDags(dags)
    })
  withCommonOptions(dag.command('show'))
    .description('one DAG: schedule, tasks, last runs')
    .argument('<name>')
    .action(async (name: string, options: CommonOptions) => {
      const shown = await operateForValue<Shown>(options, 'dag.show', { name })
      if (options.json === true) printJson(shown)
      else printShown(shown)
    })
  withCommonOptions(dag.command('run'))
    .description('run a period by hand, exactly as the schedule does; exit 1 if it fails')
    .argument('<name>')
    .option('--period <period>', 'hour 2026-11-22T14, day 2026-11-22, week 2026-W47 or month 2026-11 (default: the last that ended)')
    .option('--from <period>', 'the first of several periods; those that are done are left out')
    .option('--to <period>', 'the last of them')
    .option('--again', 'also what is done already')
    .option('-n, --dry-run', 'say what would run, and run nothing')
    .action(async (name: string, options: RunOptions) => { await run(name, options) })
  withCommonOptions(dag.command('runs'))
    .description('runs, the newest first')
    .option('--dag <name>', 'of one DAG only')
    .option('--status <status>', `one of ${RUN_STATUSES.join(', ')}`)
    .option('--limit <number>', 'at most so many', count, 20)
    .action(async ({ dag, status, limit, ...options }: RunsOptions) => {
      const runs = await operateForValue<Run[]>(options, 'dag.runs', { name: dag, status, limit })
      if (options.json === true) printJson(runs)
      else printRuns(runs)
    })
}

/** Prints how DAGs are doing. */
export function printDags (dags: readonly DagStatus[]): void {
  printTable(['dag', 'schedule (UTC+7)', 'last run', 'status', 'next due', 'failing since'], dags.map(row => [
    row.dag, row.schedule, instantText(row.lastRun?.startedMs ?? null), row.lastRun?.status ?? 'never run',
    row.enabled ? instantText(row.nextDueMs) : 'off', instantText(row.failingSinceMs)
  ]))
}

async function run (name: string, { period, from, to, again, dryRun, ...options }: RunOptions): Promise<void> {
  const request = { name, period, from, to, again }
  if (dryRun === true) {
    const plan = await operateForValue<HandPlan>(options, 'dag.plan', request)
    if (options.json === true) printJson(plan)
    else {
      printLine(`${plan.dag}: ${plan.tasks.join(', ')}`)
      printTable(['period', 'from', 'to', 'runs', 'why'], plan.periods.map(row =>
        [row.period, row.start, row.end, row.runs ? 'yes' : 'no', row.why]))
    }
    return
  }
  const runs = await operateForValue<HandRun[]>(options, 'dag.run', request)
  if (runs.some(({ status }) => status !== 'success')) process.exitCode = EXIT_FAILED
  if (options.json === true) {
    printJson(runs)
    return
  }
  if (runs.length === 0) printLine('nothing to run: all of these periods are done')
  for (const { dag, period, status, error, tasks } of runs) {
    printLine(`${dag} ${period}: ${status}${error === null ? '' : `: ${error}`}`)
    printTasks(tasks)
  }
}

function printShown (shown: Shown): void {
  printLine(`${shown.dag}: ${shown.title}`)
  printLine(`schedule ${shown.schedule} at UTC+7${shown.enabled ? '' : ' (off)'}, each of the ${shown.period} before; ` +
    `missed: ${shown.catchUp.kind}; at most ${shown.retry.attemptsMax} attempts`)
  printLine(`next due ${instantText(shown.nextDueMs) || 'never'}` +
    (shown.failingSinceMs === null ? '' : `, failing since ${instantText(shown.failingSinceMs)}`))
  printTable(['task', 'after', 'time limit, s'], shown.tasks.map(row => [row.task, row.after.join(', '), row.timeoutSeconds]))
  printRuns(shown.runs)
  if (shown.lastTasks.length > 0) printTasks(shown.lastTasks)
}

function printRuns (runs: readonly Run[]): void {
  printTable(['dag', 'period', 'status', 'trigger', 'attempt', 'started', 'seconds', 'error'], runs.map(row => [
    row.dag, row.period, row.status, row.trigger, row.attempt, instantText(row.startedMs), seconds(row), row.error
  ]))
}

function printTasks (tasks: readonly TaskRun[]): void {
  printTable(['task', 'status', 'seconds', 'counts'], tasks.map(row => [
    row.task, row.status, seconds(row), Object.entries(row.counts).map(([name, number]) => `${name} ${number}`).join(', ')
  ]))
}

function seconds ({ startedMs, endedMs }: { startedMs: number | null, endedMs: number | null }): string {
  return startedMs === null || endedMs === null ? '' : ((endedMs - startedMs) / 1000).toFixed(1)
}

function count (text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= 10_000) return number
  throw new InvalidArgumentError('expected a whole number from 1 to 10000')
}
