// A room holds what is put into it, whatever its memory was used for before and whether or not it suffices.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRoom, giveRoom, placeIn, takeRoom, type Room } from '../../core/room.ts'

function put (room: Room, bytes: Uint8Array): Uint8Array {
  const { memory, at } = placeIn(room, bytes.length)
  expect(at % 8).toBe(0)
  const place = new Uint8Array(memory, at, bytes.length)
  place.set(bytes)
  return place
}

describe('a room', () => {
  it('keeps everything that is put into it, through memory that is used again', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 12 })
    fc.assert(fc.property(fc.array(parts, { maxLength: 6 }), rooms => {
      for (const parts of rooms) {
        const room = createRoom(takeRoom(100))
        const places = parts.map(part => put(room, part))
        expect(places).toEqual(parts)
        giveRoom(room.pieces)
      }
    }))
  })

  it('takes the memory that was given back', () => {
    const first = takeRoom(300_000)
    giveRoom([first])
    expect(takeRoom(270_000)).toBe(first)
  })

  it('does not take memory that has gone to another thread', () => {
    const gone = takeRoom(600_000)
    structuredClone(gone, { transfer: [gone] })
    giveRoom([gone])
    expect(takeRoom(600_000)).not.toBe(gone)
  })
})
