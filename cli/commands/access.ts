// borderflow access: who may sign in, and who may send events.
import type { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import { isRole, ROLES } from '../../core/roles.ts'
import { type Access, isInForce } from '../../sinks/control/access.ts'
import type { CreatedAccess } from '../operations/access.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { instantText, printJson, printLine, printTable } from '../print.ts'

interface CreateOptions extends CommonOptions { name: string, role: string, expires?: string, days?: string }

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const DAYS_MAX = 3660

/** Adds the commands. */
export function addAccessCommands (program: Command): void {
  const access = program.command('access').description('links and tokens: who may sign in, and who may send events')
  withCommonOptions(access.command('create'))
    .description('make a link that signs a person in, or a token of a producer; it is shown once')
    .requiredOption('--name <name>', 'whose it is: it stands in the audit log')
    .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
    .option('--expires <when>', 'after 12h or 90d, at a date YYYY-MM-DD (UTC), or never (producers only); default: 30d, for a producer never')
    .option('--days <days>', 'the same in whole days')
    .action(async (options: CreateOptions) => { await create(options) })
  withCommonOptions(access.command('list'))
    .description('all of them, without the tokens themselves')
    .action(async (options: CommonOptions) => {
      const rows = await operateForValue<Access[]>(options, 'access.list', {})
      if (options.json === true) printJson(rows)
      else {
        printTable(['id', 'name', 'role', 'state', 'created', 'expires', 'revoked'], rows.map(row => [
          row.id, row.name, row.role, stateOf(row), instantText(row.createdAtMs),
          row.expiresAtMs === null ? 'never' : instantText(row.expiresAtMs), instantText(row.revokedAtMs)
        ]))
      }
    })
  withCommonOptions(access.command('revoke'))
    .description('revoke one; who is signed in by it is signed out at once')
    .argument('<id>')
    .action(async (id: string, options: CommonOptions) => {
      const revoked = await operateForValue<{ revoked: string, name: string }>(options, 'access.revoke', { id })
      if (options.json === true) printJson(revoked)
      else printLine(`revoked ${revoked.revoked} of ${revoked.name}`)
    })
}

async function create (options: CreateOptions): Promise<void> {
  const { name, role } = options
  if (!isRole(role)) throw new BorderflowError('USAGE', { expected: `one of ${ROLES.join(', ')}`, found: role, where: '--role' })
  const created = await operateForValue<CreatedAccess>(options, 'access.create', { name, role, ...expiry(options) })
  if (options.json === true) {
    printJson(created)
    return
  }
  printLine(created.link ?? created.token)
  const end = created.expiresAtMs === null ? 'until it is revoked' : `until ${instantText(created.expiresAtMs)}`
  printLine(`Keep it: it is not shown again. Valid ${end}. Its id, to revoke it: ${created.id}`)
  if (created.link === null && role !== 'producer') {
    printLine('The address of the service is not known here: people append `/#token=` and this to it. See BORDERFLOW_HTTP_PUBLIC_URL.')
  }
}

/** When it ends, as it was given; nothing where the default is meant. */
function expiry ({ expires, days, role }: CreateOptions): { expiresAtMs?: number } {
  if (expires !== undefined && days !== undefined) {
    throw new BorderflowError('USAGE', { expected: '--expires or --days', found: 'both' })
  }
  if (days !== undefined) return { expiresAtMs: after('--days', days, Number(days), DAY_MS) }
  if (expires === undefined) return {}
  if (expires === 'never' && role === 'producer') return {}
  const length = /^(\d+)([hd])$/.exec(expires)
  if (length !== null) {
    const [, count, unit] = length
    return { expiresAtMs: after('--expires', expires, Number(count), unit === 'h' ? HOUR_MS : DAY_MS) }
  }
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(expires) ? Date.parse(expires) : NaN
  const nowMs = systemClock.now()
  // 2026-02-30 is read as a day of March.
  const isDay = !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(expires)
  if (isDay && atMs > nowMs && atMs <= nowMs + DAYS_MAX * DAY_MS) return { expiresAtMs: atMs }
  throw new BorderflowError('USAGE', {
    expected: `12h, 90d, or a date to come within ${DAYS_MAX} days${role === 'producer' ? ', or never' : ''}`,
    found: expires,
    where: '--expires'
  })
}

function after (flag: string, text: string, count: number, unitMs: number): number {
  const lengthMs = count * unitMs
  if (Number.isInteger(count) && count >= 1 && lengthMs <= DAYS_MAX * DAY_MS) return systemClock.now() + lengthMs
  throw new BorderflowError('USAGE', {
    expected: `1 to ${flag === '--expires' && unitMs === HOUR_MS ? DAYS_MAX * 24 : DAYS_MAX}, in whole numbers`, found: text, where: flag
  })
}

function stateOf (access: Access): string {
  if (access.revokedAtMs !== null) return 'revoked'
  return isInForce(access, systemClock.now()) ? 'in force' : 'expired'
}
