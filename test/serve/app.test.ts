// The server without its plugins: health, readiness, metrics, and 404 for everything else.
import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../core/package-root.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { listen } from '../../serve/app.ts'
import type { Metrics } from '../../serve/metrics.ts'
import { type Given, STATE, testServer } from './support.ts'

async function app (given: Given = {}): Promise<{ server: FastifyInstance, metrics: Metrics }> {
  return await testServer(given)
}

interface Sample { name: string, labels: Record<string, string>, value: number }

/** Reads Prometheus' text format 0.0.4; throws for a line that is none, or a sample without TYPE and HELP before it. */
function samples (text: string): Sample[] {
  expect(text.endsWith('\n')).toBe(true)
  const declared = new Map<string, Set<string>>()
  return text.trimEnd().split('\n').flatMap(line => {
    if (line === '') return []
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line)
    if (comment !== null) {
      const [, kind = '', name = '', rest = ''] = comment
      if (kind === 'TYPE') expect(rest).toMatch(/^(counter|gauge|histogram|summary)$/)
      declared.set(name, (declared.get(name) ?? new Set()).add(kind))
      return []
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
    expect(sample, line).not.toBeNull()
    const [, name = '', inner = '', value = ''] = sample ?? []
    const family = [name, name.replace(/_(bucket|sum|count)$/, '')].find(candidate => declared.has(candidate))
    expect([...declared.get(family ?? '') ?? []].toSorted(), line).toEqual(['HELP', 'TYPE'])
    const labels = Object.fromEntries([...inner.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\.)*)",?/g)].map(([, label = '', text = '']) => [label, text]))
    expect([...inner.replace(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\.)*)",?/g, '')], line).toEqual([])
    const number = value === '+Inf' ? Infinity : Number(value)
    if (!/^nan$/i.test(value) || name.startsWith('borderflow_')) expect(number, line).not.toBeNaN()
    return [{ name, labels, value: number }]
  })
}

describe('the server', () => {
  it('is healthy while it answers', async () => {
    const { server } = await app({ readiness: { ready: false, reasons: ['kafka: stopped'] } })
    const answer = await server.inject('/health')
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }])
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
  })

  it('is ready only while the process does what it is for, and says why not', async () => {
    expect((await (await app()).server.inject('/ready')).statusCode).toBe(200)
    const answer = await (await app({ readiness: { ready: false, reasons: ['kafka: stopped'] } })).server.inject('/ready')
    expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, reasons: ['kafka: stopped'] }])
  })

  it.each([['GET', '/'], ['GET', '/health/'], ['POST', '/health'], ['GET', '/../package.json'], ['DELETE', '/metrics'], ['GET', '/api/%2e%2e'], ['OPTIONS', '*']] as const)(
    'knows no %s %s: a problem, that repeats nothing of the request', async (method, url) => {
      const answer = await (await app()).server.inject({ method, url })
      expect(answer.statusCode).toBe(404)
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
      expect(answer.json()).toEqual({ type: 'about:blank', title: 'Not found', status: 404 })
    })

  it('serves the plugins it is given, and no others', async () => {
    const plugin: FastifyPluginAsync = async instance => { instance.get('/extra', { config: { policy: 'public' } }, async () => ({ here: true })) }
    expect((await (await app({ plugins: [plugin] })).server.inject('/extra')).json()).toEqual({ here: true })
    expect((await (await app()).server.inject('/extra')).statusCode).toBe(404)
  })

  it('listens where it is told, and says so where that is taken', async () => {
    const settings = { ...loadSettings({}).http, port: 0 }
    const address = new URL(await listen((await app()).server, settings))
    expect(address.hostname).toBe('127.0.0.1')
    expect(await (await fetch(new URL('/health', address))).json()).toEqual({ status: 'ok' })
    await expect(listen((await app()).server, { ...settings, port: Number(address.port) })).rejects.toMatchObject({ code: 'SETTINGS_INVALID' })
  })
})

describe('the metrics', () => {
  it('are text that Prometheus reads, with what the process does at that moment', async () => {
    const { server, metrics } = await app()
    metrics.countMessages({ source: 'kafka', contract: 'gdi.crossing.v1', outcome: 'loaded', reason: 'none' }, 5)
    metrics.countMessages({ source: 'kafka', contract: 'gdi.crossing.v1', outcome: 'loaded', reason: 'none' }, 2)
    metrics.observeGroup(0.02, 500)
    const answer = await server.inject('/metrics')
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    const found = samples(answer.body)
    const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
      found.find(sample => sample.name === name &&
        Object.entries(labels).every(([label, text]) => sample.labels[label] === text))?.value
    expect(value('borderflow_messages_total', { source: 'kafka', contract: 'gdi.crossing.v1', outcome: 'loaded', reason: 'none' })).toBe(7)
    expect(value('borderflow_pending_messages')).toBe(3)
    expect(value('borderflow_newest_event_age_seconds')).toBe(30)
    expect(value('borderflow_source_lag_messages', { source: 'kafka' })).toBe(7)
    expect(value('borderflow_source_lag_messages', { source: 'http' })).toBeUndefined()
    expect([value('borderflow_source_up', { source: 'kafka' }), value('borderflow_source_up', { source: 'http' })]).toEqual([1, 0])
    expect(value('borderflow_batch_seconds_count')).toBe(1)
    expect(value('borderflow_batch_seconds_bucket', { le: '0.01' })).toBe(0)
    expect(value('borderflow_batch_seconds_bucket', { le: '0.025' })).toBe(1)
    expect(value('borderflow_batch_messages_sum')).toBe(500)
  })

  it('are never below zero where clocks differ', async () => {
    const { server } = await app({ state: { ...STATE, nowMs: 0 } })
    expect(samples((await server.inject('/metrics')).body).find(({ name }) => name === 'borderflow_newest_event_age_seconds')?.value).toBe(0)
  })

  it('have the names and units that the documents say, and no others', async () => {
    const families = (text: string): string[] => [...new Set(text.match(/\bborderflow_[a-z_]+\b/g) ?? [])].toSorted()
    const { server } = await app()
    const served = families((await server.inject('/metrics')).body.split('\n').filter(line => line.startsWith('# TYPE borderflow_')).join('\n'))
    const rows = readFileSync(packageFile('docs/operating.md'), 'utf8').split('\n').filter(line => line.startsWith('| borderflow_') || line.startsWith('| `borderflow_'))
    expect(served).toEqual(families(rows.map(row => row.split('|')[1]).join('\n')))
    for (const name of served) expect(name).toMatch(/_(total|seconds|bytes|messages|ids|open|up|running|failing|differences)$/)
  })

  it('carry labels of few values only', async () => {
    const { server, metrics } = await app()
    metrics.countMessages({ source: 'spool', contract: 'unknown', outcome: 'quarantined', reason: 'not_json' }, 1)
    const labels = new Set(samples((await server.inject('/metrics')).body).filter(({ name }) => name.startsWith('borderflow_')).flatMap(sample => Object.keys(sample.labels)))
    expect([...labels].toSorted()).toEqual(['contract', 'le', 'outcome', 'reason', 'source'])
  })
})
