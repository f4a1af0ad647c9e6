// Delivery by webhook, signed as Standard Webhooks has it (standardwebhooks.com): id, time and HMAC-SHA-256 in headers.
import { createHmac } from 'node:crypto'
import type { Clock } from '../../../core/clock.ts'
import { errorText } from '../../../core/errors.ts'
import type { Channel } from './deliveries.ts'

export interface WebhookConfig {
  url: string
  /** `whsec_` and base64, or any text; none leaves the message unsigned. */
  secret?: string
}

const PREFIX = 'whsec_'

/** A channel that posts the notice as JSON; any 2xx means that it was taken. Redirects are not followed. */
export function webhookChannel ({ url, secret }: WebhookConfig, clock: Clock): Channel {
  return {
    name: 'webhook',
    async deliver (id, notice, signal) {
      const body = JSON.stringify(notice)
      const timestamp = String(Math.floor(clock.now() / 1000))
      const response = await post(url, {
        method: 'POST',
        redirect: 'manual',
        signal,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'borderflow',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          ...(secret === undefined ? {} : { 'webhook-signature': signatureOf(secret, `${id}.${timestamp}.${body}`) })
        },
        body
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`answered with ${response.status}`)
    }
  }
}

/** The value of `webhook-signature` for a text. */
export function signatureOf (secret: string, text: string): string {
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret)
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

async function post (url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    // fetch says no more than that it failed; the cause names no more than a host.
    const cause = (error as { cause?: unknown }).cause
    throw new Error(cause === undefined ? errorText(error) : errorText(cause), { cause: error })
  }
}
