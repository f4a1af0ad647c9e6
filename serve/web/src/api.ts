// What the page asks of the server.
import { type Board, type BoardSeries } from '../../board/board-schema.ts'
import { type Alert, type SeriesQuery, type Session } from './types.ts'

/** An answer that is not one of success. `status` 0 means that there was none. */
export class RequestError extends Error {
  readonly status: number
  constructor (status: number) {
    super(`request failed: ${status}`)
    this.status = status
  }
}

const TIMEOUT_MS = 20_000

export const readBoard = async (): Promise<Board> => await ask('/v1/board') as Board

export const readSeries = async (query: SeriesQuery): Promise<BoardSeries> =>
  await ask(`/v1/board/series?${new URLSearchParams(query).toString()}`) as BoardSeries

export const readAlerts = async (): Promise<Alert[]> => (await ask('/v1/alerts') as { alerts: Alert[] }).alerts

export async function acknowledgeAlert (id: string, note: string): Promise<void> {
  await ask(`/v1/alerts/${encodeURIComponent(id)}/acknowledge`, 'POST', { note })
}

export const readSession = async (): Promise<Session> => await ask('/v1/session') as Session
export const openSession = async (token: string): Promise<Session> => await ask('/v1/session', 'POST', { token }) as Session
export const endSession = async (): Promise<void> => { await ask('/v1/session', 'DELETE') }
export const waysToSignIn = async (): Promise<{ openid: string | null }> =>
  await ask('/v1/sign-in') as { openid: string | null }

/** Throws RequestError. */
async function ask (path: string, method = 'GET', body?: unknown): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
  } catch {
    throw new RequestError(0)
  }
  if (!response.ok) throw new RequestError(response.status)
  return response.status === 204 ? null : await response.json()
}
