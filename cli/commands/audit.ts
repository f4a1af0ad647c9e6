// borderflow audit: who did what, and whether that record is whole.
import type { Command } from 'commander'
import { BorderflowError } from '../../core/errors.ts'
import type { AuditLine } from '../../sinks/audit/entry.ts'
import type { AuditVerified } from '../../sinks/audit/verify.ts'
import { EXIT_DIFFERENCES } from '../exit.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine, printTable } from '../print.ts'

interface ListOptions extends CommonOptions { person?: string, action?: string, since?: string, limit: string }

const LIMIT_MAX = 100_000

/** Adds the commands. */
export function addAuditCommands (program: Command): void {
  const audit = program.command('audit').description('who did what')
  withCommonOptions(audit.command('list'))
    .description('the newest entries of the audit log')
    .option('--person <name>', 'of one person')
    .option('--action <action>', 'of one action, or of all of a noun: session, table.read, access')
    .option('--since <when>', 'at or after a date or an instant of UTC')
    .option('--limit <number>', 'at most so many', '50')
    .action(async (options: ListOptions) => { await list(options) })
  withCommonOptions(audit.command('verify'))
    .description('check the log from its first entry; names the first that is not as it was written')
    .action(async (options: CommonOptions) => {
      const verified = await operateForValue<AuditVerified>(options, 'audit.verify', {})
      if (options.json === true) printJson(verified)
      else printVerified(verified)
      if (verified.bad !== null) process.exitCode = EXIT_DIFFERENCES
    })
}

async function list (options: ListOptions): Promise<void> {
  const { person, action, since, limit } = options
  const count = Number(limit)
  if (!Number.isInteger(count) || count < 1 || count > LIMIT_MAX) {
    throw new BorderflowError('USAGE', { expected: `1 to ${LIMIT_MAX}`, found: limit, where: '--limit' })
  }
  if (since !== undefined && !(/^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(since) && !Number.isNaN(Date.parse(since)))) {
    throw new BorderflowError('USAGE', { expected: 'YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ', found: since, where: '--since' })
  }
  const entries = await operateForValue<AuditLine[]>(options, 'audit.list', {
    person, action, since: since === undefined ? undefined : new Date(since).toISOString(), limit: count
  })
  if (options.json === true) {
    printJson(entries)
    return
  }
  printTable(['entry', 'at', 'person', 'role', 'action', 'target', 'detail'], entries.map(entry => [
    entry.sequence, entry.at, entry.person, entry.role, entry.action, entry.target,
    Object.entries(entry.detail ?? {}).map(([name, value]) => `${name}=${value}`).join(' ')
  ]))
}

function printVerified ({ entries, bytes, hash, bad }: AuditVerified): void {
  if (bad !== null) {
    printLine(`entry ${bad.entry} is ${bad.fault}: found ${bad.found}. The entries before it are as they were written.`)
    return
  }
  printLine(`${entries} entries, ${bytes} bytes, each as it was written.`)
  printLine(`The last one's hash, to be noted elsewhere: ${hash ?? ''}`)
}
