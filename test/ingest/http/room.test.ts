// What waits to be loaded is bounded: a request waits for room, and is sent away if none comes.
import { describe, expect, it } from 'vitest'
import { until } from '../files/support.ts'
import { createPlace, createWarehouse, holdCommits, NDJSON, startIntake, values } from './support.ts'

const url = '/v1/events'

/** An intake that has no room until what it holds is released, and then waits for a minute. */
async function fullIntake () {
  const { folder, warehouse } = await createPlace()
  const { loader } = warehouse
  const release = holdCommits(loader)
  const { app } = await startIntake({ folder, backlogBytesMax: 600, answerWaitMs: 60_000 }, warehouse)
  const post = (payload: string) => app.inject({
    method: 'POST', url, headers: { ...NDJSON, prefer: 'respond-async' }, payload: payload.repeat(100)
  })
  expect((await post('x')).statusCode).toBe(202)
  return { app, post, release, loader }
}

async function someTurns (): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise(resolve => setImmediate(resolve))
}

describe('an intake with little room', () => {
  it('answers 429 with Retry-After when too much is undurable or too many ask at once', async () => {
    const { folder, warehouse } = await createPlace()
    const release = holdCommits(warehouse.loader)
    const { app } = await startIntake({ folder, backlogBytesMax: 600, answerWaitMs: 10 }, warehouse)
    const post = () => app.inject({ method: 'POST', url, headers: NDJSON, payload: 'x'.repeat(100) })
    expect((await post()).statusCode).toBe(202)
    const refused = await post()
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('5')
    release()
    await until(async () => (await post()).statusCode === 200, 'room again')

    const narrow = await startIntake({ folder: folder + '2', concurrentRequestsMax: 2 }, createWarehouse())
    const many = await Promise.all(Array.from({ length: 20 }, () =>
      narrow.app.inject({ method: 'POST', url, headers: NDJSON, payload: '1\n' })))
    const codes = new Set(many.map(response => response.statusCode))
    expect(codes).toEqual(new Set([200, 429]))
  })

  it('lets a request wait while too much is undurable, and takes it in as soon as there is room', async () => {
    const { post, release, loader } = await fullIntake()
    let answered = 0
    const late = ['y', 'z'].map(async payload => {
      const { statusCode } = await post(payload)
      answered++
      return statusCode
    })
    await someTurns()
    expect(answered).toBe(0)
    release()
    expect(await Promise.all(late)).toEqual([202, 202])
    await until(() => values(loader).length === 3, 'all of them')
  })

  it('sends away who waits for room when it closes, without waiting itself', async () => {
    const { app, post, release } = await fullIntake()
    const late = post('y')
    await someTurns()
    await app.close()
    expect((await late).statusCode).toBe(429)
    release()
  })
})
