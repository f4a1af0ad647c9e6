// The two routes of the intake: events in, receipts out.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import { errorText } from '../../core/errors.ts'
import type { Role } from '../../core/roles.ts'
import type { SharedSlices } from '../../core/slices.ts'
import type { BatchOutcome } from '../../core/stage.ts'
import type { SourceLog } from '../files/registry.ts'
import type { Backlog } from './backlog.ts'
import { type Body, type BodyFormat, type BodyLimits, type ByteBudget, readBody } from './body.ts'
import { Problem, problemOf, sendProblem } from './problem.ts'
import { isReceiptOf, type KeyIndex, keyDigest, newReceipt } from './receipts.ts'
import type { SegmentWriter } from './segment-writer.ts'

/** Messages of a request by what became of them. */
export type ReceiptCounts = Omit<BatchOutcome, 'applied'>

/** Tells what became of a request's messages, summed over all batches they were in; null if it knows of none. */
export interface ReceiptReader {
  read(receipt: string): Promise<ReceiptCounts | null>
}

/** Tells whose token it is; comparing in constant time is its task. */
export type Authenticate = (token: string) => Promise<{ name: string } | null>

export interface RouteConfig extends BodyLimits {
  answerWaitMs: number
  concurrentRequestsMax: number
  retryAfterSeconds: number
  /** Put into `config` of both routes, for the server's own hooks: who may ask. */
  routeConfig: { policy?: readonly Role[] }
}

export interface RouteDeps {
  authenticate: Authenticate
  receipts: ReceiptReader
  clock: Clock
  log: SourceLog
}

/** What is open while the intake is. */
export interface RouteState {
  writer: SegmentWriter
  backlog: Backlog
  keys: KeyIndex
  budget: ByteBudget
  /** What all requests that are read at once have of a turn. */
  slices: SharedSlices
  isClosing(): boolean
}

const FORMATS: Record<string, BodyFormat> = { 'application/x-ndjson': 'ndjson', 'application/json': 'array' }

export function createRoutes (
  config: RouteConfig, deps: RouteDeps, opened: () => Promise<RouteState>
): FastifyPluginAsync {
  const producers = new WeakMap<FastifyRequest, string>()
  let active = 0

  async function authenticate (request: FastifyRequest): Promise<void> {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1]
    const producer = token === undefined ? null : await deps.authenticate(token)
    if (producer === null) throw new Problem('unauthorized')
    producers.set(request, producer.name)
  }

  return async app => {
    const state = await opened()
    app.addHook('preClose', async () => state.backlog.endWaits())

    /** In one turn with the counting, or a burst would pass. */
    function enter (): void {
      if (state.isClosing()) throw new Problem('unavailable')
      if (active >= config.concurrentRequestsMax) throw new Problem('overloaded')
      active++
    }

    /** A loader that keeps up has room in a moment: a sender that is told to come back is away for longer. */
    async function findRoom (): Promise<void> {
      if (!await state.backlog.whenRoom(config.answerWaitMs)) throw new Problem('overloaded')
      if (state.isClosing()) throw new Problem('unavailable')
    }

    async function takeEvents (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      enter()
      try {
        // The body is not read yet.
        await findRoom()
        const { receipt, isEmpty } = await store(request, producers.get(request)!, config, deps, state)
        if (isEmpty) return await reply.send({ receipt: null, ...nothing() })
        const isAsync = prefersAsync(request)
        if (isAsync) reply.header('preference-applied', 'respond-async')
        const counts = isAsync
          ? null
          : await countsInTime(receipt, config.answerWaitMs, deps.receipts, state.backlog)
        if (counts === null) return await reply.code(202).send({ receipt, status: 'accepted' })
        return await reply.send({ receipt, ...counts })
      } finally {
        active--
      }
    }

    async function tellReceipt (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const { id } = request.params as { id: string }
      if (!isReceiptOf(id, producers.get(request)!)) throw new Problem('not-found')
      if (state.backlog.isPending(id)) return reply.code(202).send({ receipt: id, status: 'accepted' })
      const counts = await deps.receipts.read(id)
      if (counts === null) throw new Problem('not-found')
      return reply.send({ receipt: id, ...counts })
    }

    // Bodies come as streams: what is refused early is never read, and limits hold while it is read.
    app.removeAllContentTypeParsers()
    for (const type of Object.keys(FORMATS)) {
      app.addContentTypeParser(type, (_request, payload, done) => done(null, payload))
    }
    app.setErrorHandler((error, request, reply) => {
      const name = problemOf(error)
      if (name === 'internal') deps.log.warn({ route: request.routeOptions.url, error: errorText(error) }, 'request failed')
      return sendProblem(reply, name, config.retryAfterSeconds)
    })
    const options = { config: config.routeConfig, bodyLimit: config.wireBytesMax }
    app.post('/v1/events', { ...options, onRequest: authenticate }, takeEvents)
    app.get('/v1/receipts/:id', { ...options, onRequest: authenticate }, tellReceipt)
  }
}

/** Reads the body and stores it, or finds it stored under its Idempotency-Key. Resolves when it is synced. */
async function store (
  request: FastifyRequest, producer: string, config: RouteConfig, deps: RouteDeps, state: RouteState
): Promise<{ receipt: string, isEmpty: boolean }> {
  const receivedAtMs = deps.clock.now()
  const { format, isGzip } = formatOf(request)
  const key = keyOf(request, producer)
  const body = await readBody(request.body as Readable, format, isGzip, config, state)
  try {
    // Nothing is stored for no messages, so there is nothing to ask for later.
    if (body.stored.count === 0) return { receipt: '', isEmpty: true }
    const known = key === undefined ? undefined : state.keys.find(key)
    if (known !== undefined) {
      body.stored.release()
      if (known.body !== body.digest) throw new Problem('idempotency-key-reused')
      await known.stored
      return { receipt: known.receipt, isEmpty: false }
    }
    return { receipt: await append(body, { producer, key, receivedAtMs }, state), isEmpty: false }
  } finally {
    state.budget.give(body.bytes)
  }
}

async function append (
  body: Body, about: { producer: string, key?: string, receivedAtMs: number }, state: RouteState
): Promise<string> {
  const receipt = newReceipt(about.producer)
  const stored = state.writer.append({ receipt, body: body.digest, ...about }, body.stored)
  // From this very turn on, so that the same key cannot be stored twice.
  if (about.key !== undefined) state.keys.hold(about.key, { receipt, body: body.digest, stored })
  await stored
  return receipt
}

/** The counts if the request is durable in time, else null. */
async function countsInTime (
  receipt: string, waitMs: number, receipts: ReceiptReader, backlog: Backlog
): Promise<ReceiptCounts | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => { timer = setTimeout(() => resolve('late'), waitMs) })
  try {
    const outcome = await Promise.race([backlog.whenDurable(receipt), late])
    if (outcome === 'late') return null
    if (outcome === undefined) return await receipts.read(receipt)
    const { applied, ...counts } = outcome
    return applied ? counts : null
  } finally {
    clearTimeout(timer)
  }
}

function formatOf (request: FastifyRequest): { format: BodyFormat, isGzip: boolean } {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const format = FORMATS[type]
  if (format === undefined || request.body === undefined || !['gzip', 'identity'].includes(encoding)) {
    throw new Problem('unsupported-type')
  }
  return { format, isGzip: encoding === 'gzip' }
}

/** True if the sender does not want to wait for the counts (RFC 7240 §4.1). */
function prefersAsync ({ headers }: FastifyRequest): boolean {
  return [headers.prefer ?? []].flat().join(',').split(',')
    .some(preference => preference.split(';', 1)[0]?.trim().toLowerCase() === 'respond-async')
}

function keyOf (request: FastifyRequest, producer: string): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new Problem('bad-idempotency-key')
  return keyDigest(producer, key)
}

function nothing (): ReceiptCounts {
  return { read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
}
