// Which roles see what is not protected (docs/api.md): the rows of the policy of the API.
import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { type Policy, ROLES } from '../auth/policy.ts'

/** The measures of the board: one dimension besides time and gate. */
export const BOARD_READERS: Policy = ['operator', 'statistician']
/** What the declarations say: no figure. */
export const DECLARATION_READERS: Policy = ROLES.filter(role => role !== 'producer')
/** Every figure of every table; each read is written down. */
export const TABLE_READERS: Policy = ['statistician']
/** The state of the machine, feeds, and quarantined messages with their values masked. */
export const STATE_READERS: Policy = ['operator', 'statistician', 'administrator']
/** Who judges what is in quarantine. */
export const QUARANTINE_KEEPERS: Policy = ['operator', 'administrator']
/** Who looks after alerts. */
export const ALERT_KEEPERS: Policy = ['operator', 'administrator']
/** Who may see a single message as it came: with a reason, and written down. */
export const PAYLOAD_READERS: Policy = ['tracing']

/** Requests of one person a minute: far above what pages ask, far below what would keep the process busy. */
const REQUESTS_A_MINUTE_MAX = 6_000

/** What every route of the API declares: who may ask, and how often. */
export function openTo (policy: Policy): FastifyContextConfig {
  return {
    policy,
    rateLimit: {
      max: REQUESTS_A_MINUTE_MAX,
      timeWindow: 60_000,
      keyGenerator: (request: FastifyRequest) => request.principal?.name ?? request.ip
    }
  }
}
