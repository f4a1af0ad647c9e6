// Who is signed in. The token of an access link is in the fragment of the address, which no server sees; it is taken
// out of the address before anything else, and exchanged for a cookie that no script sees.
import { signal } from '@preact/signals'
import { endSession, openSession, readSession, RequestError } from '../api.ts'
import type { Session } from '../types.ts'

export type SessionState =
  | { is: 'asking' }
  | { is: 'in', session: Session }
  | { is: 'out', why: 'none' | 'refused' | 'ended' | 'failed' }

export const session = signal<SessionState>({ is: 'asking' })

/** Who may see the board; others are told that their role does not. */
export const BOARD_ROLES = ['operator', 'statistician']

/** Signs in by the link that was opened, or finds the session that there is. */
export async function beginSession (): Promise<void> {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get('token')
  const failed = fragment.has('sign-in-failed')
  if (location.hash !== '') history.replaceState(null, '', `${location.pathname === '/sign-in' ? '/' : location.pathname}${location.search}`)
  if (token !== null) return await signIn(token)
  if (failed) {
    session.value = { is: 'out', why: 'refused' }
    return
  }
  try {
    session.value = { is: 'in', session: await readSession() }
  } catch (error) {
    session.value = { is: 'out', why: statusOf(error) === 401 ? 'none' : 'failed' }
  }
}

/** Signs in with a token. */
export async function signIn (token: string): Promise<void> {
  session.value = { is: 'asking' }
  try {
    session.value = { is: 'in', session: await openSession(token.trim()) }
  } catch (error) {
    const status = statusOf(error)
    session.value = { is: 'out', why: status >= 400 && status < 500 && status !== 429 ? 'refused' : 'failed' }
  }
}

export async function signOut (): Promise<void> {
  await endSession().catch(() => {})
  session.value = { is: 'out', why: 'ended' }
}

/** To be called when a request was refused: the session may have ended. True if it has. */
export async function checkSession (): Promise<boolean> {
  try {
    await readSession()
    return false
  } catch (error) {
    if (statusOf(error) !== 401) return false
    session.value = { is: 'out', why: 'ended' }
    return true
  }
}

const statusOf = (error: unknown): number => error instanceof RequestError ? error.status : 0
