// Fifty readers of a board: each keeps a stream open and asks for the board every second, as pages do that come and go.
// One of them posts a crossing now and then and sees how old it is when its stream shows it.
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../core/clock.ts'
import { post } from '../../ingest/simulator/index.ts'
import type { Board } from '../../serve/board/board-schema.ts'
import { applyPatch } from '../../serve/stream/merge-patch.ts'
import { argument } from '../measure.ts'

/** What was seen between `begin` and `end`; times in milliseconds. */
export type ReadersSeen = Record<
  'requests' | 'requestP50Ms' | 'requestP99Ms' | 'requestMaxMs' | 'posted' | 'ageP50Ms' | 'ageMaxMs', number>

const READERS = 50
const ASK_EVERY_MS = 1000
const POST_EVERY_MS = 500
const GATE = 'KHC-BVT'

const url = argument('url')
const reading = { authorization: `Bearer ${argument('reader')}` }
const producer = { url, token: argument('producer') }
let requestsMs: number[] = []
let agesMs: number[] = []
let board: Board | null = null
let onBoard = (): void => {}

process.on('message', (word: string) => {
  if (word === 'end') return process.send?.(seen())
  requestsMs = []
  agesMs = []
  process.send?.('begun')
})
const streams = Array.from({ length: READERS }, (_, i) => follow(i === 0))
await Promise.race([Promise.all(streams.map(async stream => await stream.first)), sleep(60_000)])
for (let i = 0; i < READERS; i++) void ask(i * ASK_EVERY_MS / READERS)
process.send?.('ready')
for (let i = 0; ; i++) await postOne(`readers-${process.pid}-${i}`)

function seen (): ReadersSeen {
  const at = (values: number[], share: number): number =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN
  return {
    requests: requestsMs.length,
    requestP50Ms: at(requestsMs, 0.5),
    requestP99Ms: at(requestsMs, 0.99),
    requestMaxMs: at(requestsMs, 1),
    posted: agesMs.length,
    ageP50Ms: at(agesMs, 0.5),
    ageMaxMs: at(agesMs, 1)
  }
}

async function ask (afterMs: number): Promise<void> {
  let etag = ''
  for (let next = performance.now() + afterMs; ; next += ASK_EVERY_MS) {
    await sleep(Math.max(0, next - performance.now()))
    const started = performance.now()
    const response = await fetch(`${url}/v1/board`, { headers: { ...reading, 'if-none-match': etag } })
    await response.arrayBuffer()
    if (!response.ok && response.status !== 304) throw new Error(`the board: ${response.status}`)
    etag = response.headers.get('etag') ?? ''
    requestsMs.push(performance.now() - started)
  }
}

/** Reads a stream to its end; `first` resolves with its first bytes. Only one keeps the board it makes. */
function follow (keeps: boolean): { first: Promise<void> } {
  let begun = (): void => {}
  const first = new Promise<void>(resolve => { begun = resolve })
  void (async () => {
    const response = await fetch(`${url}/v1/stream`, { headers: reading })
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      begun()
      if (!keeps) continue
      text += decoder.decode(bytes, { stream: true })
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        take(text.slice(0, end))
        text = text.slice(end + 2)
      }
    }
  })()
  return { first }
}

function take (frame: string): void {
  const data = /^data: (.*)$/m.exec(frame)?.[1]
  if (data === undefined) return
  if (frame.startsWith('event: board')) board = JSON.parse(data) as Board
  else if (frame.startsWith('event: patch')) board = applyPatch(board as Board, JSON.parse(data) as never)
  onBoard()
}

async function postOne (id: string): Promise<void> {
  const arrivals = (): number => board?.checkpoints[GATE]?.lastHour.arrivals ?? 0
  const before = arrivals()
  const started = performance.now()
  const shown = new Promise<void>(resolve => { onBoard = () => { if (arrivals() > before) resolve() } })
  await post(producer, Buffer.from(`${JSON.stringify(crossing(id))}\n`))
  await shown
  agesMs.push(performance.now() - started)
  await sleep(POST_EVERY_MS)
}

function crossing (id: string): object {
  const occurredAt = new Date(systemClock.now() - 120_000).toISOString()
  return {
    contract: 'gdi.crossing.v1',
    event_id: id,
    revision: 1,
    action: 'record',
    occurred_at: occurredAt,
    recorded_at: occurredAt,
    checkpoint: GATE,
    direction: 'arrival',
    decision: 'admitted',
    document: { type: 'passport', issuing_state: 'AUS', number: `N${id.slice(-12)}` },
    traveller: { nationality: 'AUS', sex: 'F', date_of_birth: '1980-02-03' },
    visa: { class: 'T' },
    purpose: 'holiday'
  }
}
