// The roles that a token or a sign-in has. What each may do is declared where it is done: by the policy of a route.

export const ROLES = [
  'operator', 'statistician', 'policy', 'tracing', 'administrator', 'auditor', 'producer'
] as const
export type Role = (typeof ROLES)[number]

/** The roles of people: they sign in to the page. A producer is a system, which sends its token with each request. */
export const PEOPLE: readonly Role[] = ROLES.filter(role => role !== 'producer')

/** True for the name of a role. */
export function isRole (text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}
