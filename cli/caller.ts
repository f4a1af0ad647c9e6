// Who runs an operation: the person of BORDERFLOW_TOKEN, else the system user, who owns the data folder.
import { BorderflowError } from '../core/errors.ts'
import { holderOf } from '../sinks/control/access.ts'
import type { CallerClaim } from './claim.ts'
import type { Runtime } from './runtime.ts'

export { type CallerClaim, localClaim } from './claim.ts'

export interface Caller { person: string, role: string }

/** Who makes a claim. Throws REFUSED for a token that is not in force. */
export async function callerOf ({ control, clock }: Runtime, { token, local }: CallerClaim): Promise<Caller> {
  if (token === null) return { person: local.startsWith('local:') ? local : `local:${local}`, role: 'local' }
  const holder = await holderOf(control, token, clock.now())
  if (holder !== null) return { person: holder.name, role: holder.role }
  throw new BorderflowError('REFUSED', {
    expected: 'the token of an access that is in force',
    found: 'one that is unknown, expired or revoked',
    where: 'BORDERFLOW_TOKEN',
    remedy: 'Unset it to act as the system user, or ask for another.'
  })
}
