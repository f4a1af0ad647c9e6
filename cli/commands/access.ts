// borderflow access: tokens of those who send events.
import { type Command } from 'commander'
import { BorderflowError } from '../../core/errors.ts'
import { type Access } from '../../sinks/control/access.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { instantText, printJson, printLine, printTable } from '../print.ts'

interface CreateOptions extends CommonOptions { name: string, role: string, days?: string }

/** Adds the commands. */
export function addAccessCommands (program: Command): void {
  const access = program.command('access').description('access tokens')
  withCommonOptions(access.command('create'))
    .description('make a token; it is shown once')
    .requiredOption('--name <name>', 'whose it is')
    .requiredOption('--role <role>', 'what it is for: producer')
    .option('--days <days>', 'days until it expires; never unless given')
    .action(async (options: CreateOptions) => { await create(options) })
  withCommonOptions(access.command('list'))
    .description('all tokens, without the tokens themselves')
    .action(async (options: CommonOptions) => {
      const rows = await operateForValue<Access[]>(options, 'access.list', {})
      if (options.json === true) printJson(rows)
      else {
        printTable(['id', 'name', 'role', 'created', 'expires', 'revoked'], rows.map(row => [
          row.id, row.name, row.role, instantText(row.createdAtMs), instantText(row.expiresAtMs),
          instantText(row.revokedAtMs)
        ]))
      }
    })
  withCommonOptions(access.command('revoke'))
    .description('revoke a token')
    .argument('<id>')
    .action(async (id: string, options: CommonOptions) => {
      const revoked = await operateForValue<{ revoked: string }>(options, 'access.revoke', { id })
      if (options.json === true) printJson(revoked)
      else printLine(`revoked ${revoked.revoked}`)
    })
}

async function create (options: CreateOptions): Promise<void> {
  const days = options.days === undefined ? undefined : Number(options.days)
  if (days !== undefined && !(Number.isInteger(days) && days >= 1)) {
    throw new BorderflowError('USAGE', { expected: 'a whole number of days', found: String(options.days), where: '--days' })
  }
  if (options.role !== 'producer') {
    throw new BorderflowError('USAGE', { expected: 'producer', found: options.role, where: '--role' })
  }
  const created = await operateForValue<{ id: string, token: string }>(options, 'access.create',
    { name: options.name, role: options.role, days })
  if (options.json === true) printJson(created)
  else printLine(`${created.token}\nKeep it: it is not shown again. Its id, to revoke it: ${created.id}`)
}
