// Alerts as people have them: a feed falls silent, somebody is told, looks after it, and is told when it is over.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signatureOf } from '../../dags/alerts/delivery/webhook.ts'
import type { AlertView } from '../../serve/api/alert-routes.ts'
import { startWebhook, type Webhook } from '../dags/alerts/receivers.ts'
import { eventsOf, recentCrossing } from '../serve/api/events.ts'
import { answerOf, folderOfFile, jsonOf, runProgram, startService, until } from '../support/program.ts'

const folder = folderOfFile()
/** Open round the clock: a gate that has closed for the night is not called silent. */
const AIRPORT = 'KHC-SAI'
const SECRET = 'the secret of the test'
/** Everything within seconds; the disk of the machine is none of the test. */
const QUICK = {
  BORDERFLOW_ALERTS_EVALUATE_SECONDS: '1',
  BORDERFLOW_ALERTS_PENDING_SECONDS: '1',
  BORDERFLOW_ALERTS_KEEP_FIRING_SECONDS: '1',
  BORDERFLOW_ALERTS_SILENCE_SECONDS: '3',
  BORDERFLOW_ALERTS_DISK_FREE_PERCENT_MIN: '0',
  BORDERFLOW_ALERTS_WEBHOOK_SECRET: SECRET
}

const isSilence = ({ kind, subject }: { kind: string, subject: string }): boolean => kind === 'silence' && subject === AIRPORT
const toldOf = ({ received }: Webhook, id: string): string[] =>
  received.filter(({ notice }) => notice.data.alert.id === id).map(({ notice }) => notice.type)

describe('a silent feed', () => {
  it('is alerted, told, acknowledged, and told again when messages come', async () => {
    const webhook = await startWebhook()
    const data = join(folder(), 'data')
    const service = await startService(data, { env: { ...QUICK, BORDERFLOW_ALERTS_WEBHOOK_URL: webhook.url } })
    const authorised = async (name: string, role: string): Promise<Record<string, string>> => {
      const { token } = await jsonOf<{ token: string }>(['access', 'create', '--name', name, '--role', role, '--data', data])
      return { authorization: `Bearer ${token}` }
    }
    const [producer, operator, statistician] = [
      await authorised('desk', 'producer'), await authorised('Sok Dara', 'operator'), await authorised('Chan', 'statistician')
    ]
    const send = async (): Promise<void> => {
      const answer = await fetch(`${service.address}/v1/events`, {
        method: 'POST',
        headers: { ...producer, 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID() },
        body: JSON.stringify(recentCrossing(randomUUID(), { checkpoint: AIRPORT }))
      })
      expect(answer.status).toBeLessThan(300)
      await answer.text()
    }
    const alerts = async (): Promise<AlertView[]> =>
      (await (await fetch(`${service.address}/v1/alerts`, { headers: operator })).json() as { alerts: AlertView[] }).alerts
    const ended = new AbortController()
    const stream = await fetch(`${service.address}/v1/stream`, { headers: operator, signal: ended.signal })
    const states = statesOf(stream)

    await send()
    await until(() => webhook.received.some(({ notice }) => isSilence(notice.data.alert)), 'told of the silence')
    const { headers, body, notice } = webhook.received.find(received => isSilence(received.notice.data.alert))!
    const { id } = notice.data.alert
    expect([notice.type, notice.data.title.en]).toEqual(['alert.firing', expect.stringMatching(/^Silent feed: .*\(firing, critical\)$/)])
    expect(headers['webhook-signature']).toBe(signatureOf(SECRET, `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`))
    expect((await jsonOf<AlertView[]>(['alerts', 'list', '--data', data])).find(alert => alert.id === id)).toMatchObject({
      kind: 'silence', subject: AIRPORT, severity: 'critical', state: 'firing', threshold: 3, acknowledgedBy: null
    })

    const acknowledge = async (who: Record<string, string>, target = id): Promise<Response> => await fetch(
      `${service.address}/v1/alerts/${target}/acknowledge`, {
        method: 'POST',
        headers: { ...who, 'content-type': 'application/json' },
        body: JSON.stringify({ note: 'the line is down, they write on paper' })
      })
    expect((await acknowledge(statistician)).status).toBe(403)
    expect((await acknowledge(operator, randomUUID())).status).toBe(404)
    expect(await (await acknowledge(operator)).json()).toMatchObject({ id, acknowledgedBy: 'Sok Dara' })

    await until(async () => {
      await send()
      return toldOf(webhook, id).includes('alert.resolved')
    }, 'told that it is over')
    expect(toldOf(webhook, id)).toEqual(['alert.firing', 'alert.resolved'])
    expect((await alerts()).find(alert => alert.id === id)).toMatchObject({
      state: 'resolved', acknowledgedBy: 'Sok Dara', note: 'the line is down, they write on paper', resolvedAt: expect.any(String)
    })
    expect((await acknowledge(operator)).status).toBe(409)
    await until(() => states(id).includes('resolved'), 'the end on the open stream')
    expect([...new Set(states(id))]).toEqual(['pending', 'firing', 'resolved'])
    ended.abort()

    const metrics = await (await fetch(`${service.address}/metrics`)).text()
    expect(metrics).toMatch(/^borderflow_alert_delivery_attempts_total\{channel="webhook",outcome="delivered"\} \d+$/m)
    expect(metrics).toMatch(/^borderflow_alerts_judged_timestamp_seconds \d+/m)
    const written = await jsonOf<{ person: string, action: string, target: string }[]>(['audit', 'list', '--data', data])
    expect(written.filter(({ action, target }) => action === 'alerts.acknowledge' && target === id)[0]).toMatchObject({ person: 'Sok Dara' })
    await service.terminate()
  })

  it('is kept while nothing runs, and can be acknowledged then', async () => {
    const data = join(folder(), 'stopped')
    const webhook = await startWebhook(() => 500)
    const service = await startService(data, {
      env: { ...QUICK, BORDERFLOW_ALERTS_DISK_FREE_PERCENT_MIN: '100', BORDERFLOW_ALERTS_WEBHOOK_URL: webhook.url }
    })
    const firing = async (): Promise<AlertView | undefined> =>
      (await jsonOf<AlertView[]>(['alerts', 'list', '--data', data])).find(({ kind, state }) => kind === 'disk' && state === 'firing')
    await until(async () => await firing() !== undefined && webhook.received.length > 0, 'the disk is alerted of')
    await service.kill()
    const { id } = (await firing())!
    const common = ['--data', data]
    await answerOf(['alerts', 'acknowledge', id, '--note', 'a new disk is ordered', ...common])
    expect(await firing()).toMatchObject({ id, note: 'a new disk is ordered', acknowledgedBy: expect.stringMatching(/^local:/) })
    expect(await answerOf(['alerts', 'list', ...common])).toContain('a new disk is ordered')
    const status = await jsonOf<{ alerts: object }>(['status', ...common])
    expect(status.alerts).toMatchObject({ firing: 1, acknowledged: 1, deliveriesWaiting: 1, deliveriesGivenUp: 0 })
    const unknown = await runProgram(['alerts', 'acknowledge', randomUUID(), '--note', 'x', ...common])
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('borderflow alerts list')])
  })
})

/** The states of an alert in the order in which a stream told of them. */
function statesOf (stream: Response): (id: string) => string[] {
  const told: AlertView[][] = []
  void (async () => {
    for await (const { event, data } of eventsOf(stream)) {
      if (event === 'alerts') told.push((JSON.parse(data) as { alerts: AlertView[] }).alerts)
    }
  })().catch(() => {})
  return id => told.flatMap(alerts => alerts.filter(alert => alert.id === id).map(({ state }) => state))
}
