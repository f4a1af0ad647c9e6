// borderflow alerts: what needs a person, and noting who looks after it.
import type { Command } from 'commander'
import type { AlertView } from '../../serve/api/alert-routes.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine, printTable } from '../print.ts'

/** Adds the commands. */
export function addAlertsCommands (program: Command): void {
  const alerts = program.command('alerts').description('what needs a person')
  withCommonOptions(alerts.command('list'))
    .description('open alerts, and those resolved within a day')
    .option('--all', 'also those resolved before')
    .action(async ({ all, ...options }: CommonOptions & { all?: boolean }) => {
      const { alerts: list } = await operateForValue<{ alerts: AlertView[] }>(options, 'alerts.list', { all })
      if (options.json === true) printJson(list)
      else if (list.length === 0) printLine('no alerts')
      else printAlerts(list)
    })
  withCommonOptions(alerts.command('acknowledge'))
    .description('note that somebody looks after an open alert')
    .argument('<id>')
    .requiredOption('--note <text>', 'what is being done about it')
    .action(async (id: string, { note, ...options }: CommonOptions & { note: string }) => {
      const alert = await operateForValue<AlertView>(options, 'alerts.acknowledge', { id, note })
      if (options.json === true) printJson(alert)
      else printLine(`acknowledged: ${alert.kind} ${alert.subject}`.trimEnd())
    })
}

function printAlerts (alerts: readonly AlertView[]): void {
  printTable(['id', 'alert', 'subject', 'severity', 'state', 'since', 'value', 'threshold', 'unit', 'acknowledged'],
    alerts.map(({ id, kind, subject, severity, state, since, value, threshold, unit, acknowledgedBy, note }) => [
      id, kind, subject, severity, state, since.slice(0, 19) + 'Z', value, threshold, unit,
      acknowledgedBy === null ? '' : `${acknowledgedBy}${note === null || note === '' ? '' : `: ${note}`}`
    ]))
}
