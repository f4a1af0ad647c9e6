// Reading server-sent events, and crossings of now.
import { crossing } from '../../process/messages.ts'

export interface ServerEvent { event: string, id: string | null, data: string }

/** The events of a stream, until it ends or the signal is aborted. */
export async function * eventsOf (response: Response): AsyncGenerator<ServerEvent> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(text.slice(0, end).split('\n').map(line => {
        const colon = line.indexOf(': ')
        return [line.slice(0, colon), line.slice(colon + 2)] as const
      }))
      text = text.slice(end + 2)
      const event = fields.get('event')
      if (event !== undefined) yield { event, id: fields.get('id') ?? null, data: fields.get('data') ?? '' }
    }
  }
}

/** Those of the board alone: alerts go over the same stream. */
export async function * boardEventsOf (response: Response): AsyncGenerator<ServerEvent> {
  for await (const event of eventsOf(response)) if (event.event !== 'alerts') yield event
}

/** A crossing that happened some minutes ago. */
export function recentCrossing (
  id: string, change: Record<string, unknown> = {}, minutesAgo = 2
): Record<string, unknown> {
  const at = Date.now() - minutesAgo * 60_000
  return crossing(id, {
    occurred_at: new Date(at).toISOString(), recorded_at: new Date(at + 4_000).toISOString(), ...change
  })
}
