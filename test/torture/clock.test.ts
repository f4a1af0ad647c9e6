// A clock that jumps both ways while requests come in, segments grow old, are purged, and the process starts again.
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../core/civil-date.ts'
import { createWarehouse, holdCommits, NDJSON, segmentNames, startIntake, values } from '../ingest/http/support.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createRandom } from './random.ts'

const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
const RUNS = 10
const STEPS = 60
const RAW_DAYS = 2
const START_MS = Date.parse('2026-06-01T00:00:00Z')

describe(`a clock that jumps, seeds from ${seed}`, () => {
  it.each(Array.from({ length: RUNS }, (_, i) => seed + i))('loses and repeats no request: seed %i', async own => {
    const random = createRandom(own)
    const folder = await temporaryFolder()
    const warehouse = createWarehouse()
    const start = async () => {
      const running = await startIntake({ folder, answerWaitMs: 1, segmentBytesMax: 4_000 }, warehouse)
      running.clock.set(now)
      return running
    }
    let now = START_MS
    let running = await start()
    const held: (() => void)[] = []
    const release = (): void => { for (const open of held.splice(0)) open() }
    const sent: string[] = []
    let purged = 0
    for (let step = 0; step < STEPS; step++) {
      // Mostly on, often far, and back again as often as a clock that is set by hand.
      now += Math.round((random.next() - 0.4) * 10 * DAY_MS)
      running.clock.set(now)
      const choice = random.below(10)
      if (choice < 6) {
        const value = `{"n":${step}}`
        const payload = `${value}\n`
        const key = { 'idempotency-key': `key-${step}` }
        const headers = { ...NDJSON, ...key }
        const { statusCode } = await running.app.inject({ method: 'POST', url: '/v1/events', headers, payload })
        expect([200, 202]).toContain(statusCode)
        sent.push(value)
      } else if (choice === 6) {
        held.push(holdCommits(warehouse.loader))
      } else if (choice === 7) {
        release()
      } else if (choice === 8) {
        purged += await running.intake.purge(RAW_DAYS)
      } else {
        release()
        await running.stop()
        running = await start()
      }
    }
    release()
    await running.stop()
    running = await start()
    await expect.poll(() => values(warehouse.loader).length, { timeout: 20_000 }).toBe(sent.length)
    expect(values(warehouse.loader)).toEqual(sent)
    expect((await segmentNames(folder)).length + purged).toBeGreaterThan(0)
  })
})
