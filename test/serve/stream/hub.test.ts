import type { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Board } from '../../../serve/board/board-schema.ts'
import { type BoardVersion, createVersion } from '../../../serve/board/version.ts'
import { createHub, HUB_DEFAULTS, type Hub } from '../../../serve/stream/hub.ts'

const LONG = 'x'.repeat(20_000)

/** A board that is stepped by hand; each step changes one number. */
function steps (): { board: Parameters<typeof createHub>[1], step (change?: object): void, touches (): number } {
  let touches = 0
  const listeners = new Set<(version: BoardVersion) => void>()
  let version = createVersion({ at: 0, long: LONG } as unknown as Board, 1, 'p')
  return {
    board: {
      current: async () => version,
      touch () { touches++ },
      subscribe (listener) {
        listeners.add(listener)
        return () => { listeners.delete(listener) }
      }
    },
    step (change = {}) {
      const board = { ...version.board, at: version.number, ...change } as unknown as Board
      version = createVersion(board, version.number + 1, 'p')
      for (const listener of listeners) listener(version)
    },
    touches: () => touches
  }
}

function read (stream: Readable): { event: string, id: string, data: string }[] {
  const text = (stream.read() as Buffer | null)?.toString() ?? ''
  return text.split('\n\n').flatMap(part => {
    const match = /event: (.*)\n(?:id: (.*)\n)?data: (.*)/.exec(part)
    return match === null ? [] : [{ event: match[1]!, id: match[2] ?? '', data: match[3]! }]
  })
}

function hubOf (board: Parameters<typeof createHub>[1], change: Partial<typeof HUB_DEFAULTS> = {}): Hub {
  return createHub({ ...HUB_DEFAULTS, ...change }, board)
}

describe('a stream', () => {
  it('begins with the whole and goes on with what changes', async () => {
    const { board, step } = steps()
    const hub = hubOf(board)
    const stream = await hub.open('a', null)
    expect(read(stream).map(({ event, id }) => [event, id])).toEqual([['board', 'p-1']])
    step()
    expect(read(stream)).toEqual([{ event: 'patch', id: 'p-2', data: '{"at":1}' }])
    hub.close()
  })

  it('goes on behind an event that is still known, and begins anew behind any other', async () => {
    const { board, step } = steps()
    const hub = hubOf(board, { ring: { changesMax: 2, bytesMax: 10_000 } })
    const first = await hub.open('a', null)
    for (let i = 0; i < 4; i++) step()
    const idsAfter = async (id: string): Promise<string[]> =>
      read(await hub.open('a', id)).map(event => `${event.event} ${event.id}`)
    expect(await idsAfter('p-3')).toEqual(['patch p-4', 'patch p-5'])
    expect(await idsAfter('p-5')).toEqual([])
    for (const unknown of ['p-1', 'p-9', 'q-4', 'nonsense']) expect(await idsAfter(unknown)).toEqual(['board p-5'])
    first.destroy()
    hub.close()
  })

  it('sends a reader that was slow what it lacks in one step, and holds little for it meanwhile', async () => {
    const { board, step } = steps()
    const hub = hubOf(board)
    const stream = await hub.open('a', null)
    for (let i = 0; i < 500; i++) step({ long: `${LONG}${i}` })
    expect(stream.readableLength).toBeLessThan(3 * LONG.length)
    let events = read(stream)
    for (let i = 0; i < 20 && events.at(-1)?.id !== 'p-501'; i++) {
      await new Promise(resolve => setImmediate(resolve))
      events = [...events, ...read(stream)]
    }
    expect(events.map(({ event }) => event)).toEqual(['board', 'board'])
    expect(events.at(-1)?.id).toBe('p-501')
    hub.close()
  })

  it('is dropped when its reader takes nothing for long', async () => {
    const { board, step } = steps()
    const hub = hubOf(board, { heartbeatMs: 10, blockedMsMax: 30 })
    const stream = await hub.open('a', null)
    for (let i = 0; i < 5; i++) step({ long: `${LONG}${i}` })
    await new Promise(resolve => { stream.once('close', resolve) })
    expect(hub.streams()).toBe(0)
    hub.close()
  })

  it('is refused beyond the number of one person and of all', async () => {
    const { board } = steps()
    const hub = hubOf(board, { personStreamsMax: 1, streamsMax: 2 })
    const own = await hub.open('a', null)
    await expect(hub.open('a', null)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await hub.open('b', null)
    await expect(hub.open('c', null)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    own.destroy()
    await new Promise(resolve => { own.once('close', resolve) })
    expect((await hub.open('c', null)).destroyed).toBe(false)
    hub.close()
  })

  it('keeps the board fresh while somebody reads only, and carries other states to who comes later', async () => {
    const { board, touches } = steps()
    const hub = hubOf(board, { heartbeatMs: 5 })
    hub.publish('alerts', [{ id: 1 }])
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(touches()).toBe(0)
    const stream = await hub.open('a', null)
    expect(read(stream).at(-1)).toEqual({ event: 'alerts', id: '', data: '[{"id":1}]' })
    while (touches() === 0) await new Promise(resolve => setTimeout(resolve, 5))
    hub.close()
  })
})
