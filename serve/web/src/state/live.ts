// The board as it changes: read once, then followed by server-sent events. What is shown is never older than it says:
// when nothing has come for too long, the connection counts as lost.
import { batch, computed, signal } from '@preact/signals'
import type { Board } from '../../../board/board-schema.ts'
import { systemClock } from '../../../../core/clock.ts'
import { readAlerts, readBoard, RequestError } from '../api.ts'
import type { Alert, Connection } from '../types.ts'
import { applyPatch } from '../../../stream/merge-patch.ts'
import { checkSession } from './session.ts'

export const board = signal<Board | null>(null)
export const alerts = signal<Alert[]>([])
export const connection = signal<Connection>('connecting')
export const forbidden = signal(false)
/** Milliseconds of this machine's clock, once a second. */
export const nowMs = signal(systemClock.now())
const receivedAtMs = signal<number | null>(null)

/** Seconds since the server was last heard of. */
export const ageSeconds = computed(() =>
  receivedAtMs.value === null ? 0 : Math.max(0, (nowMs.value - receivedAtMs.value) / 1000))

const TICK_MS = 1_000
/** Without a word for this long, the board is asked for; without an answer either, the connection is lost. */
const QUIET_SECONDS_MAX = 15
const AGAIN_MS = 4_000

/** Follows the board until the returned function is called. */
export function follow (): () => void {
  const timer = setInterval(tick, TICK_MS)
  let stream: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let asking = false
  let askedAtMs = 0
  let ended = false
  /** What the stream has sent: an answer that was asked for before is older than that. */
  const streamed = { board: 0, alerts: 0 }

  function open (): void {
    stream = new EventSource('/v1/stream')
    stream.addEventListener('board', event => {
      streamed.board++
      takeBoard(JSON.parse(String(event.data)) as Board)
    })
    stream.addEventListener('patch', event => {
      if (board.value === null) return
      streamed.board++
      takeBoard(applyPatch(board.value, JSON.parse(String(event.data)) as Parameters<typeof applyPatch>[1]))
    })
    stream.addEventListener('alerts', event => {
      streamed.alerts++
      takeAlerts(JSON.parse(String(event.data)))
    })
    stream.addEventListener('error', () => {
      if (!ended) connection.value = board.value === null ? 'connecting' : 'lost'
      if (stream?.readyState === EventSource.CLOSED) void reopen()
    })
    void read()
  }

  async function reopen (): Promise<void> {
    stream?.close()
    if (ended || await checkSession()) return
    clearTimeout(retry)
    retry = setTimeout(() => { if (!ended) open() }, AGAIN_MS)
  }

  async function read (): Promise<void> {
    if (asking) return
    asking = true
    askedAtMs = systemClock.now()
    try {
      const { board: boards } = streamed
      const nextBoard = await readBoard()
      if (ended) return
      if (streamed.board === boards) takeBoard(nextBoard)
      else heard()
      const { alerts: lists } = streamed
      const nextAlerts = await readAlerts().catch(() => null)
      if (!ended && streamed.alerts === lists && nextAlerts !== null) takeAlerts({ alerts: nextAlerts })
    } catch (error) {
      await failed(error)
    } finally {
      asking = false
    }
  }

  function tick (): void {
    nowMs.value = systemClock.now()
    if (receivedAtMs.value === null || ageSeconds.value <= QUIET_SECONDS_MAX) return
    // Nothing may have changed for so long; what says so is an answer.
    if (nowMs.value - askedAtMs >= AGAIN_MS) void read()
  }

  open()
  return () => {
    ended = true
    clearInterval(timer)
    clearTimeout(retry)
    stream?.close()
    batch(() => {
      board.value = null
      alerts.value = []
      connection.value = 'connecting'
      receivedAtMs.value = null
      forbidden.value = false
    })
  }
}

async function failed (error: unknown): Promise<void> {
  const status = error instanceof RequestError ? error.status : 0
  if (status === 403) forbidden.value = true
  else if (status === 401) await checkSession()
  else if (board.value !== null) connection.value = 'lost'
}

function takeBoard (next: Board): void {
  batch(() => {
    board.value = next
    heard()
  })
}

function takeAlerts (data: unknown): void {
  const list = Array.isArray(data) ? data : (data as { alerts?: unknown }).alerts
  if (Array.isArray(list)) alerts.value = list as Alert[]
  heard()
}

function heard (): void {
  batch(() => {
    receivedAtMs.value = systemClock.now()
    nowMs.value = systemClock.now()
    if (board.value !== null) connection.value = 'live'
  })
}
