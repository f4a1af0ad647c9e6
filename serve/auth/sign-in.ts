// Signing in as the routes see it: tokens and sessions, which main.ts hands in.
import type { Role } from '../../core/roles.ts'

/** Whose token was given. */
export interface Holder {
  /** The id of the access; null for a sign-in by OpenID Connect. */
  access: string | null
  person: string
  role: Role
  expiresAtMs: number | null
}

export interface SessionView {
  id: string
  access: string | null
  person: string
  role: Role
  expiresAtMs: number
}

export interface SignIn {
  /** Whose token this is, if it is in force. */
  holderOf (token: string): Promise<Holder | null>
  open (holder: Holder): Promise<{ secret: string, session: SessionView }>
  /** The session of a cookie, if it has not ended. */
  find (secret: string): SessionView | null
  end (id: string): Promise<void>
  onEnd (of: { session: string | null, access: string | null }, callback: () => void): () => void
  /** Ends what has reached its time. */
  sweep (): Promise<void>
}
