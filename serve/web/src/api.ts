// What the page asks of the server, with the types of the server's OpenAPI document.
import createClient from 'openapi-fetch'
import type { Board, BoardSeries } from '../../board/board-schema.ts'
import type { paths } from '../.client/api-paths.ts'
import type { Alert, SeriesQuery, Session } from './types.ts'

/** An answer that is not one of success. `status` 0 means that there was none. */
export class RequestError extends Error {
  readonly status: number
  constructor (status: number) {
    super(`request failed: ${status}`)
    this.status = status
  }
}

const TIMEOUT_MS = 20_000

const client = createClient<paths>({
  credentials: 'same-origin',
  headers: { accept: 'application/json' },
  fetch: async request => await fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) })
})

export const readBoard = async (): Promise<Board> => await answerOf(client.GET('/v1/board'))

export const readSeries = async (query: SeriesQuery): Promise<BoardSeries> =>
  await answerOf(client.GET('/v1/board/series', { params: { query } }))

export const readAlerts = async (): Promise<Alert[]> => (await answerOf(client.GET('/v1/alerts'))).alerts

export async function acknowledgeAlert (id: string, note: string): Promise<void> {
  await answerOf(client.POST('/v1/alerts/{id}/acknowledge', { params: { path: { id } }, body: { note } }))
}

export const readSession = async (): Promise<Session> => await answerOf(client.GET('/v1/session'))
export const openSession = async (token: string): Promise<Session> =>
  await answerOf(client.POST('/v1/session', { body: { token } }))
export const endSession = async (): Promise<void> => { await answerOf(client.DELETE('/v1/session')) }
export const waysToSignIn = async (): Promise<{ openid: string | null }> => await answerOf(client.GET('/v1/sign-in'))

/** Throws RequestError. */
async function answerOf<T> (asked: Promise<{ data?: T, response: Response }>): Promise<T> {
  const { data, response } = await asked.catch(() => { throw new RequestError(0) })
  if (!response.ok) throw new RequestError(response.status)
  return data as T
}
