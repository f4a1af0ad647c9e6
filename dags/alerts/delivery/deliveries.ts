// Delivering what waits in the outbox: each channel by itself, in order of time, again and again with growing pauses,
// and given up at last. What was sent and not noted is sent once more under the same id.
import type { Clock } from '../../../core/clock.ts'
import { errorText } from '../../../core/errors.ts'
import {
  endDelivery, postponeDelivery, waitingDeliveries, type WaitingDelivery
} from '../../../sinks/control/alert-deliveries.ts'
import type { Control } from '../../../sinks/control/control.ts'
import type { Notice } from '../notice.ts'

export interface Channel {
  name: string
  /** Delivers a notice. Rejects if it was not taken; the reason must not tell a secret. */
  deliver (id: string, notice: Notice, signal: AbortSignal): Promise<void>
  close? (): void
}

export interface DeliveryConfig {
  /** Pause after the first failure; twice as long after each further one, up to the longest. */
  retryMs: number
  retryMsMax: number
  attemptsMax: number
  /** An attempt that takes longer has failed. */
  timeoutMs: number
}

/** Ten attempts within about an hour. */
export const DELIVERY_DEFAULTS: DeliveryConfig = {
  retryMs: 5_000, retryMsMax: 15 * 60_000, attemptsMax: 10, timeoutMs: 15_000
}

export type DeliveryOutcome = 'delivered' | 'failed' | 'given_up'

export interface DeliveriesDeps {
  control: Control
  clock: Clock
  onAttempt: (channel: string, outcome: DeliveryOutcome, error: string | null) => void
  onError: (error: unknown) => void
}

export interface Deliveries {
  /** The names of what is set up. */
  channels: readonly string[]
  /** Begins with what waited before. */
  start (): void
  /** Ends attempts that are under way; resolves when nothing runs any more. */
  stop (): Promise<void>
  /** To be called when something was added. */
  wake (): void
}

const ERROR_LENGTH_MAX = 300
/** The outbox is looked at this often, whatever is due. */
const LOOK_MS = 1_000

/** Deliveries by channels, not started. */
export function createDeliveries (
  config: DeliveryConfig, channels: readonly Channel[], deps: DeliveriesDeps
): Deliveries {
  const { control, clock } = deps
  const stopping = new AbortController()
  let round: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let started = false

  async function runRound (): Promise<void> {
    const waiting = await waitingDeliveries(control)
    const names = [...new Set(waiting.map(({ channel }) => channel))]
    await Promise.all(names.map(async name => {
      for (const delivery of waiting.filter(({ channel }) => channel === name)) {
        if (stopping.signal.aborted) return
        const channel = channels.find(channel => channel.name === name)
        if (delivery.nextAttemptMs <= clock.now()) await attempt(delivery, channel)
      }
    }))
    plan(waiting.length === 0 ? null : LOOK_MS)
  }

  async function attempt (delivery: WaitingDelivery, channel: Channel | undefined): Promise<void> {
    const { id, attempts } = delivery
    const error = channel === undefined ? 'this channel is not set up any more' : await failureOf(delivery, channel)
    if (stopping.signal.aborted && error !== null) return
    const nowMs = clock.now()
    if (error === null) await endDelivery(control, id, 'delivered', { nowMs, error })
    else if (channel === undefined || attempts + 1 >= config.attemptsMax) {
      await endDelivery(control, id, 'given_up', { nowMs, error })
      deps.onAttempt(delivery.channel, 'given_up', error)
      return
    } else {
      const pauseMs = Math.min(config.retryMs * 2 ** attempts, config.retryMsMax)
      await postponeDelivery(control, id, { nextAttemptMs: nowMs + pauseMs, error })
    }
    deps.onAttempt(delivery.channel, error === null ? 'delivered' : 'failed', error)
  }

  /** Null if it was taken. */
  async function failureOf ({ id, message }: WaitingDelivery, channel: Channel): Promise<string | null> {
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(config.timeoutMs)])
      await channel.deliver(id, JSON.parse(message) as Notice, signal)
      return null
    } catch (error) {
      return errorText(error).slice(0, ERROR_LENGTH_MAX)
    }
  }

  function plan (milliseconds: number | null): void {
    clearTimeout(timer)
    if (stopping.signal.aborted || milliseconds === null) return
    timer = setTimeout(wake, milliseconds)
    timer.unref()
  }

  function wake (): void {
    if (!started || stopping.signal.aborted) return
    if (round !== null) {
      // What was added meanwhile is seen by the round after this.
      void round.then(() => { plan(0) })
      return
    }
    round = runRound().catch(error => {
      deps.onError(error)
      plan(LOOK_MS)
    }).finally(() => { round = null })
  }

  return {
    channels: channels.map(({ name }) => name),
    start () {
      started = true
      wake()
    },
    async stop () {
      stopping.abort()
      clearTimeout(timer)
      await round
      for (const channel of channels) channel.close?.()
    },
    wake
  }
}
