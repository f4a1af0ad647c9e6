// Sends a simulation to the HTTP intake, batch after batch, and waits when the intake asks for it.
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { BorderflowError, errorText } from '../../core/errors.ts'
import { linesOf } from './day-lines.ts'
import { simulateDays } from './days.ts'
import type { SimulatorOptions } from './options.ts'
import type { Progress } from './to-folder.ts'

export interface HttpTarget {
  /** Address of the service, without `/v1/events`. */
  url: string
  token: string
  /** Messages in one request. Default 1,000. */
  batchMessages?: number
  /** Attempts at one batch before giving up. Default 10. */
  attemptsMax?: number
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

const RETRY_AFTER_SECONDS_MAX = 60
const BACKOFF_MS = 250
const BACKOFF_MS_MAX = 8000
const REQUEST_MS_MAX = 60_000

/**
 * Posts all events in order as NDJSON. A batch carries an Idempotency-Key made of its content, so that sending it again
 * counts once. Throws USAGE; REFUSED if the intake rejects a batch; CONTROL_UNREACHABLE after the last attempt.
 */
export async function simulateOverHttp (
  options: SimulatorOptions, target: HttpTarget
): Promise<{ events: number, bytes: number, days: number }> {
  const { batchMessages = 1000, signal, onProgress } = target
  const total = { events: 0, bytes: 0, days: 0 }
  for (const { day, events } of simulateDays(options)) {
    for (let first = 0; first < events.count; first += batchMessages) {
      if (signal?.aborted === true) return total
      const next = Math.min(first + batchMessages, events.count)
      await post(target, linesOf(events, first, next))
      total.events += next - first
    }
    total.bytes += events.bytes.length
    total.days++
    onProgress?.({ day, ...total })
  }
  return total
}

/** Posts one batch of lines until it is accepted. Exported for live play over HTTP. */
export async function post (target: HttpTarget, lines: Buffer): Promise<void> {
  const { url, token, attemptsMax = 10, signal } = target
  const address = `${url.replace(/\/$/, '')}/v1/events`
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/x-ndjson',
    // Nobody reads the counts.
    prefer: 'respond-async',
    'idempotency-key': `sim-${createHash('sha256').update(lines).digest('hex').slice(0, 40)}`
  }
  let found = 'nothing'
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const answer = await tryPost(address, headers, lines, signal)
    if (answer === 'accepted') return
    found = answer.found
    await wait(answer.waitMs ?? Math.min(BACKOFF_MS * 2 ** attempt, BACKOFF_MS_MAX), undefined, { signal })
  }
  throw new BorderflowError('CONTROL_UNREACHABLE', {
    expected: `the intake to accept a batch within ${attemptsMax} attempts`,
    found,
    where: address,
    remedy: 'Check that the service runs and keeps up; sending the same simulation again is safe.'
  })
}

type Answer = 'accepted' | { found: string, waitMs?: number }

async function tryPost (
  address: string, headers: Record<string, string>, lines: Buffer, signal: AbortSignal | undefined
): Promise<Answer> {
  const timeout = AbortSignal.timeout(REQUEST_MS_MAX)
  let response: Response
  try {
    response = await fetch(address, {
      method: 'POST',
      headers,
      // A copy of its own: the lines are a view of the whole day.
      body: Uint8Array.from(lines),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    })
    await response.arrayBuffer()
  } catch (error) {
    if (signal?.aborted === true) throw error
    return { found: errorText(error) }
  }
  const { status } = response
  if (status === 200 || status === 202) return 'accepted'
  if (status === 429 || status >= 500) {
    const seconds = Number(response.headers.get('retry-after') ?? NaN)
    const waitMs = seconds >= 0 ? Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1000 : undefined
    return { found: `status ${status}`, waitMs }
  }
  throw new BorderflowError('REFUSED', {
    expected: 'status 200 or 202',
    found: `status ${status}`,
    where: address,
    remedy: status === 401 || status === 403 ? 'Check the token and its role.' : 'Check the address and the batch size.'
  })
}
