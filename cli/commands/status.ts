// borderflow status: the state of the whole.
import type { Command } from 'commander'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import type { Integrity } from '../../sinks/control/integrity.ts'
import type { ListChange } from '../../sinks/warehouse/list-changes.ts'
import type { DagStatus } from '../../dags/engine/status.ts'
import { instantText, printJson, printLine, printTable } from '../print.ts'
import { printDags } from './dag.ts'

interface Status {
  version: string
  warehouse: string
  running: boolean
  messages: Record<string, number>
  quarantineOpen: number
  gapsOpen: number
  walBytes: number
  idIndex: { ids: number, bytes: number }
  positions: { source: string, partition: string, startOffset: number, nextOffset: number }[]
  derived: { state: string, lagSeconds: number, asOf: string | null, derivedAt: string | null }
  lists: { digest: string, rebuildDue: boolean, changes: ListChange[] }
  dags: DagStatus[]
  integrity: Integrity
  alerts: {
    firing: number, noData: number, pending: number, acknowledged: number
    deliveriesWaiting: number, deliveriesGivenUp: number
  }
  live?: {
    startedAt: string
    address: string | null
    pendingMessages: number
    sources: { name: string, state: string, lag?: number }[]
  }
}

/** Adds the command. */
export function addStatusCommand (program: Command): void {
  withCommonOptions(program.command('status'))
    .description('what is loaded, where every partition stands, what waits for a person')
    .action(async (options: CommonOptions) => {
      const status = await operateForValue<Status>(options, 'status', {})
      if (options.json === true) printJson(status)
      else printStatus(status)
    })
}

function printStatus (status: Status): void {
  printLine(`borderflow ${status.version}, warehouse ${status.warehouse}, ${status.running ? 'running' : 'not running'}`)
  printLine(`messages: ${Object.entries(status.messages).map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none'}`)
  printLine(`waiting for a person: ${status.quarantineOpen} in quarantine, ${status.gapsOpen} gaps`)
  printLine(`write-ahead log ${status.walBytes} bytes, ids ${status.idIndex.ids} in ${status.idIndex.bytes} bytes`)
  printLine(`derived tables: as of ${status.derived.asOf ?? '(not derived yet)'}, computed ${status.derived.derivedAt ?? 'never'}, ` +
    `lag ${status.derived.lagSeconds} s`)
  const [change] = status.lists.changes
  if (change !== undefined) {
    printLine(`code lists: changed ${instantText(change.changedMs)}: ${change.lists.join(', ')}` +
      (status.lists.rebuildDue ? '; derived tables still rest on those before, until a start or `borderflow rebuild`' : ''))
  }
  const { state, checkedMs, differences } = status.integrity
  printLine(`integrity: ${state}${checkedMs === null ? '' : `, checked ${instantText(checkedMs)}`}` +
    differences.map(({ check, rows }) => `, ${check} ${rows}`).join(''))
  const { firing, noData, pending, acknowledged, deliveriesWaiting, deliveriesGivenUp } = status.alerts
  printLine(`alerts: ${firing} firing, ${noData} without data, ${pending} pending, ${acknowledged} acknowledged; ` +
    `to be delivered ${deliveriesWaiting}, given up ${deliveriesGivenUp}`)
  printDags(status.dags)
  if (status.live !== undefined) {
    const { startedAt, address, pendingMessages, sources } = status.live
    printLine(`running since ${startedAt}, HTTP ${address ?? 'off'}, pending ${pendingMessages}`)
    printTable(['source', 'state', 'lag'], sources.map(({ name, state, lag }) => [name, state, lag ?? '']))
  }
  printTable(['source', 'partition', 'start', 'next'], status.positions.map(row =>
    [row.source, row.partition, row.startOffset, row.nextOffset]))
}
