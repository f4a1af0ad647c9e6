// Delivery from a real outbox to receivers that fail.
import { describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../core/clock.ts'
import { mailChannel, webhookChannel, type Channel } from '../../../dags/alerts/index.ts'
import { countDeliveries } from '../../../sinks/control/alert-deliveries.ts'
import { startMailServer, startWebhook } from './receivers.ts'
import { calm, controlOf, DEADLINE, QUICK, watchOf } from './watched.ts'

describe('delivery', () => {
  it('is tried again under the same id until it is taken', { timeout: 60_000 }, async () => {
    const webhook = await startWebhook(request => request === 0 ? 500 : request === 1 ? 302 : 200)
    const { at, deliveries, attempts } = watchOf({
      control: await controlOf(), channels: [webhookChannel({ url: webhook.url }, systemClock)]
    })
    deliveries.start()
    await at(0, { ...calm, keyFault: 'missing' })
    await vi.waitFor(() => { expect(attempts).toEqual(['webhook failed', 'webhook failed', 'webhook delivered']) }, DEADLINE)
    expect(new Set(webhook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(webhook.received[0]!.headers['webhook-signature']).toBeUndefined()
  })

  it('is given up in the end, on its own channel alone', { timeout: 60_000 }, async () => {
    const webhook = await startWebhook()
    const mail = await startMailServer(() => false)
    const control = await controlOf()
    const { at, deliveries, attempts } = watchOf({
      control,
      channels: [
        mailChannel({ url: mail.url, from: 'a@example.org', to: ['b@example.org'], timeoutMs: 5_000 }),
        webhookChannel({ url: webhook.url }, systemClock)
      ]
    })
    deliveries.start()
    await at(0, { ...calm, keyFault: 'missing' })
    await vi.waitFor(() => { expect(attempts).toContain('email given_up') }, DEADLINE)
    expect(attempts.filter(attempt => attempt === 'email failed')).toHaveLength(QUICK.attemptsMax - 1)
    expect(attempts).toContain('webhook delivered')
    expect(await countDeliveries(control)).toEqual([
      { channel: 'email', state: 'given_up', deliveries: 1 }, { channel: 'webhook', state: 'delivered', deliveries: 1 }
    ])
  })

  it('is repeated under the same id where the process ended between sending and noting it', { timeout: 60_000 }, async () => {
    const webhook = await startWebhook(request => request === 0 ? null : 200)
    const control = await controlOf()
    const channels = (): Channel[] => [webhookChannel({ url: webhook.url }, systemClock)]
    const first = watchOf({ control, channels: channels() })
    first.deliveries.start()
    await first.at(0, { ...calm, keyFault: 'missing' })
    await vi.waitFor(() => { expect(webhook.received.length).toBe(1) }, DEADLINE)
    await first.deliveries.stop()
    expect(await countDeliveries(control)).toEqual([{ channel: 'webhook', state: 'waiting', deliveries: 1 }])
    watchOf({ control, channels: channels() }).deliveries.start()
    await vi.waitFor(async () => {
      expect(await countDeliveries(control)).toEqual([{ channel: 'webhook', state: 'delivered', deliveries: 1 }])
    }, DEADLINE)
    expect(new Set(webhook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })
})
