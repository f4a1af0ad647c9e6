// What a command says of who runs it. Loads nothing: it is said before anything else is known.
import { userInfo } from 'node:os'

/** What a command says of who runs it: a token to be checked, and the system user. */
export interface CallerClaim { token: string | null, local: string }

/** The claim of this process. */
export function localClaim (): CallerClaim {
  const { BORDERFLOW_TOKEN: token = '' } = process.env
  return { token: token === '' ? null : token, local: `local:${systemUser()}` }
}

/** As the system knows it, not as a variable says; the number where it has no name, as in a container. */
function systemUser (): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
