import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createParts, type PartsReader } from '../../../serve/board/parts.ts'
import { NO_JUDGEMENTS, type Judge, type Judgements } from '../../../serve/board/judgements.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestWarehouse } from '../../support/warehouse.ts'

const NOW_MS = Date.parse('2026-02-09T15:30:00Z')
const OFTEN = { everyMs: 0, costShareMax: 1, everyMsMax: 0 }
const config = { waiting: OFTEN, derived: OFTEN, judgements: OFTEN }
const SURGE: Judgements = { ...NO_JUDGEMENTS, surges: new Set(['KHC-POI']) }
const LONG_MS = 60_000

let warehouse: Warehouse
beforeEach(async () => { warehouse = await openTestWarehouse(await temporaryFolder()) })
afterEach(async () => { await warehouse.close() })

/** A reader of parts; `late` resolves when it tells that parts were read too late. */
async function reader (judge: Judge): Promise<{ parts: PartsReader, late: Promise<void>, errors: unknown[] }> {
  const errors: unknown[] = []
  const connection = await warehouse.connect()
  let parts!: PartsReader
  const late = new Promise<void>(resolve => {
    parts = createParts(config, { connection, judge, onLate: resolve, onError: error => errors.push(error) })
  })
  return { parts, late, errors }
}

describe('the parts of the board that cost a scan', () => {
  it('are there at once where they are quick', async () => {
    const { parts } = await reader(async () => SURGE)
    expect((await parts.read(NOW_MS, LONG_MS)).judgements).toBe(SURGE)
  })

  it('keep nobody waiting for longer than was said, and tell when they are read', async () => {
    let finish = (): void => {}
    const { parts, late } = await reader(async () => {
      await new Promise<void>(resolve => { finish = resolve })
      return SURGE
    })
    expect((await parts.read(NOW_MS, 1)).judgements).toBe(NO_JUDGEMENTS)
    expect(parts.restMs()).toBe(Infinity)
    // Asked again, it does not begin anew beside the reading under way.
    expect((await parts.read(NOW_MS, 1)).judgements).toBe(NO_JUDGEMENTS)
    const finished = async (): Promise<void> => {
      // The judge is asked last: until then there is nothing to finish.
      while (parts.restMs() === Infinity) {
        finish()
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    await finished()
    await late
    expect((await parts.read(NOW_MS, 1)).judgements).toBe(SURGE)
    await finished()
  })

  it('stay as they were while they cannot be read', async () => {
    let fails = false
    const { parts, errors } = await reader(async () => {
      if (fails) throw new Error('no baseline')
      return SURGE
    })
    await parts.read(NOW_MS, LONG_MS)
    fails = true
    expect((await parts.read(NOW_MS, LONG_MS)).judgements).toBe(SURGE)
    expect(errors).toEqual([new Error('no baseline')])
  })
})
