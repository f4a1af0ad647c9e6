// The cookies: of the session, and of a sign-in under way. Both are `__Host-` and Secure: browsers keep them on TLS,
// and on the loopback address, which Chromium trusts as well (measured with version 156, on 127.0.0.1 and localhost).
import type { FastifyReply } from 'fastify'

export const SESSION_COOKIE = '__Host-borderflow'
export const OPENID_COOKIE = '__Host-borderflow-openid'

const EVERY = { path: '/', secure: true, httpOnly: true } as const

/** Hands out the session's secret; sent back to requests of our own pages only. Ends with the browser. */
export function setSessionCookie (reply: FastifyReply, secret: string): void {
  reply.setCookie(SESSION_COOKIE, secret, { ...EVERY, sameSite: 'strict' })
}

/** Hands out the secret of a sign-in; Lax, for the provider sends the browser back from its own site. */
export function setOpenIdCookie (reply: FastifyReply, secret: string, lifeSeconds: number): void {
  reply.setCookie(OPENID_COOKIE, secret, { ...EVERY, sameSite: 'lax', maxAge: lifeSeconds })
}

/** Takes a cookie back. */
export function clearCookie (reply: FastifyReply, name: typeof SESSION_COOKIE | typeof OPENID_COOKIE): void {
  reply.clearCookie(name, { ...EVERY, sameSite: name === SESSION_COOKIE ? 'strict' : 'lax' })
}
