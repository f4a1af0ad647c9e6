import { describe, expect, it } from 'vitest'
import { createPaced, type Paced } from '../../../serve/board/paced.ts'

const PACE = { everyMs: 100, costShareMax: 0.1, everyMsMax: 5_000 }

interface Trial {
  value: Paced<number>
  /** Asks; a reading gives its number. */
  read (costMs: number): Promise<number>
  pass (milliseconds: number): void
  readings (): number
}

/** A value with a clock that only the test moves. */
function paced (): Trial {
  let nowMs = 1_000
  let readings = 0
  const value = createPaced(PACE, 0, () => nowMs)
  return {
    value,
    read: async costMs => await value.value(async () => {
      nowMs += costMs
      return ++readings
    }),
    pass: ms => { nowMs += ms },
    readings: () => readings
  }
}

describe('what is read again and again', () => {
  it('is read no more often than every so often', async () => {
    const { read, pass, value } = paced()
    expect([await read(0), await read(0), value.pendingMs()]).toEqual([1, 1, 100])
    pass(100)
    expect([await read(0), value.pendingMs(), value.restMs()]).toEqual([2, Infinity, 100])
  })

  it('takes no more than its share of the time, and is not forgotten', async () => {
    const { read, pass, value } = paced()
    await read(200)
    expect(value.restMs()).toBe(1_800)
    pass(1_799)
    expect(await read(0)).toBe(1)
    pass(1)
    expect(await read(60_000)).toBe(2)
    expect(value.restMs()).toBe(0)
  })

  it('is read at once where it is said to be old', async () => {
    const { read, value } = paced()
    await read(0)
    value.expire()
    expect(await read(0)).toBe(2)
  })

  it('is not tried more often because it fails, and stays as it was', async () => {
    const { read, pass, value, readings } = paced()
    const failing = async (): Promise<number> => await value.value(async () => { throw new Error('no table') })
    await read(0)
    pass(100)
    await expect(failing()).rejects.toThrow('no table')
    expect([value.last(), value.pendingMs(), await read(0), readings()]).toEqual([1, 100, 1, 1])
    pass(100)
    expect(await read(0)).toBe(2)
  })
})
