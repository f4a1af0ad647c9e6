// The watch over a real control file, telling real receivers.
import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../core/clock.ts'
import { mailChannel, webhookChannel, type Channel } from '../../../dags/alerts/index.ts'
import { signatureOf } from '../../../dags/alerts/delivery/webhook.ts'
import { countDeliveries } from '../../../sinks/control/alert-deliveries.ts'
import { changeAlerts, listAlerts, type Alert } from '../../../sinks/control/alerts.ts'
import { openControl } from '../../../sinks/control/control.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { startMailServer, startWebhook } from './receivers.ts'
import { calm, controlOf, crowded, DEADLINE, START_MS, watchOf } from './watched.ts'

const SECRET = 'whsec_' + Buffer.from('a secret of the test').toString('base64')

describe('the watch', () => {
  it('tells once of firing and once of the end, signed and in both languages', { timeout: 60_000 }, async () => {
    const webhook = await startWebhook()
    const mail = await startMailServer()
    const channels = [
      webhookChannel({ url: webhook.url, secret: SECRET }, systemClock),
      mailChannel({ url: mail.url, from: 'borderflow@example.org', to: ['duty@example.org', 'chief@example.org'], timeoutMs: 5_000 })
    ]
    const { at, deliveries, watch, shown } = watchOf({ control: await controlOf(), channels })
    deliveries.start()
    await at(0, crowded)
    expect((await watch.list()).map(({ state }) => state)).toEqual(['pending'])
    await at(60, crowded)
    await at(120, crowded)
    const [{ id } = { id: '' }] = await watch.list()
    await watch.acknowledge(id, { person: 'Sok Dara', note: 'buses are on the way' })
    await at(130, calm)
    await at(140, crowded)
    await at(150, calm)
    await at(450, calm)
    await vi.waitFor(() => { expect([webhook.received.length, mail.mails.length]).toEqual([2, 2]) }, DEADLINE)

    expect(webhook.received.map(({ notice }) => [notice.type, notice.data.alert.id])).toEqual([['alert.firing', id], ['alert.resolved', id]])
    const { headers, body, notice } = webhook.received[0]!
    expect(headers['webhook-signature']).toBe(signatureOf(SECRET, `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`))
    expect(notice.data).toEqual({
      warehouse: 'w-1',
      alert: {
        id,
        kind: 'returnee_surge',
        subject: 'KHC-POI',
        severity: 'critical',
        state: 'firing',
        since: '2026-05-04T03:20:00.000Z',
        firedAt: '2026-05-04T03:21:00.000Z',
        resolvedAt: null,
        value: 6_485,
        threshold: 100,
        unit: 'persons'
      },
      title: {
        en: 'Surge of returnees: Poipet (firing, critical)', km: 'ពលរដ្ឋវិលត្រឡប់កើនឡើងខ្លាំង៖ ប៉ោយប៉ែត (កំពុងដាស់តឿន, ធ្ងន់ធ្ងរ)'
      },
      text: {
        en: 'Since: 2026-05-04 10:20 (UTC+7)\nValue: 6485 persons\nThreshold: 100 persons',
        km: 'ចាប់ពី៖ 2026-05-04 10:20 (UTC+7)\nតម្លៃ៖ 6485 នាក់\nកម្រិត៖ 100 នាក់'
      }
    })
    expect(webhook.received.map(received => received.body).join()).not.toMatch(/Sok|buses/)
    const first = mail.mails[0]!
    expect([first.from, first.to]).toEqual(['borderflow@example.org', ['duty@example.org', 'chief@example.org']])
    expect(first.text).toMatch(/^Message-ID: <[0-9a-f-]{36}@borderflow>\r$/m)
    const content = Buffer.from(first.text.split('\r\n\r\n').slice(1).join(), 'base64').toString()
    expect(content).toContain('Surge of returnees: Poipet')
    expect(content).toContain('ប៉ោយប៉ែត')
    // Whoever shows alerts was told of every change.
    expect(shown.map(([alert]) => `${alert!.state} ${alert!.acknowledgedBy ?? ''}`.trim())).toEqual(
      expect.arrayContaining(['pending', 'firing', 'firing Sok Dara', 'resolved Sok Dara']))
  })

  it('goes on after a restart as if there had been none', { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder()
    const webhook = await startWebhook()
    const channels = (): Channel[] => [webhookChannel({ url: webhook.url }, systemClock)]
    const before = await openControl(folder)
    const first = watchOf({ control: before, channels: channels() })
    await first.at(0, crowded)
    await first.at(50, crowded)
    await before.close()
    const between = await openControl(folder)
    const second = watchOf({ control: between, channels: channels() })
    // Fires, but what is to be told of it is not told before the process ends.
    await second.at(60, crowded)
    const [alert] = await second.watch.list()
    await second.watch.acknowledge(alert!.id, { person: 'Sok Dara', note: 'seen' })
    await between.close()
    expect(webhook.received).toEqual([])
    const control = await controlOf(folder)
    const third = watchOf({ control, channels: channels() })
    third.deliveries.start()
    await third.at(70, crowded)
    await vi.waitFor(() => { expect(webhook.received.length).toBe(1) }, DEADLINE)
    await third.at(80, crowded)
    expect(await third.watch.list()).toEqual([expect.objectContaining({
      id: alert!.id, state: 'firing', sinceMs: START_MS, firedAtMs: START_MS + 60_000, acknowledgedBy: 'Sok Dara', note: 'seen'
    })])
    await vi.waitFor(async () => {
      expect(await countDeliveries(control)).toEqual([{ channel: 'webhook', state: 'delivered', deliveries: 1 }])
    }, DEADLINE)
  })

  it('refuses to acknowledge what is over or never was', async () => {
    const { at, watch } = watchOf({ control: await controlOf() })
    await expect(watch.acknowledge(randomUUID(), { person: 'a', note: '' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await at(0, { ...calm, keyFault: 'missing' })
    await at(1, calm)
    await at(301, calm)
    const [alert] = await watch.list()
    expect(alert).toMatchObject({ kind: 'key', subject: 'missing', state: 'resolved' })
    await expect(watch.acknowledge(alert!.id, { person: 'a', note: '' })).rejects.toMatchObject({ code: 'REFUSED' })
  })

  it('shows what was resolved for a day', async () => {
    const { at, watch, clock } = watchOf({ control: await controlOf() })
    await at(0, { ...calm, keyFault: 'changed' })
    await at(10, calm)
    await at(400, calm)
    expect(await watch.list()).toHaveLength(1)
    clock.set(START_MS + 25 * 3_600_000)
    expect(await watch.list()).toEqual([])
  })
})

describe('the history', () => {
  it('is bounded, and keeps what is open', { timeout: 60_000 }, async () => {
    const { at, watch } = watchOf({ control: await controlOf() })
    await at(0, { ...calm, keyFault: 'missing' })
    const control = await controlOf()
    const [open] = await watch.list()
    const old = Array.from({ length: 1_003 }, (_, i): Alert =>
      ({ ...open!, id: randomUUID(), subject: String(i), state: 'resolved', resolvedAtMs: START_MS + i * 1_000 }))
    await changeAlerts(control, () => ({ written: [open!, ...old], forgotten: [], deliveries: [] }))
    const kept = await listAlerts(control, { resolvedSinceMs: 0 })
    expect([kept.length, kept[0], kept[1]?.subject, kept.at(-1)?.subject]).toEqual([1_001, open, '1002', '3'])
  })
})
