import { describe, expect, it } from 'vitest'
import { BorderflowError } from '../../../core/errors.ts'
import { parseCron } from '../../../core/cron.ts'
import { orderedTasks } from '../../../dags/engine/dag.ts'
import { retryDelay } from '../../../dags/engine/retry.ts'
import { listTaskRuns } from '../../../sinks/control/dag-runs.ts'
import { readSlots } from '../../../sinks/control/dag-slots.ts'
import { at, bench, dag, settle, task } from './support.ts'

const BEFORE = at('2026-11-20T12:00')
const DUE = at('2026-11-21T02:00')
const MINUTE_MS = 60_000

/** A task that ends when it is told how. */
function held (): { run: () => Promise<Record<string, number>>, release: () => void } {
  let release = (): void => {}
  const promise = new Promise<Record<string, number>>(resolve => { release = () => { resolve({ rows: 7 }) } })
  return { run: async () => await promise, release: () => { release() } }
}

describe('a run that fails', () => {
  it('is tried again after growing pauses, is failing from the first failure on, and no longer after a success', async () => {
    const { clock, open, runs } = await bench(BEFORE)
    let failuresLeft = 2
    const engine = await open([dag({
      tasks: [task('work', async () => {
        if (failuresLeft-- > 0) throw new Error('no luck')
        return { rows: 3 }
      })]
    })])
    await settle(engine, 1)
    clock.set(DUE)
    await settle(engine, 3)
    expect(await runs()).toMatchObject([{ status: 'failed', attempt: 1, trigger: 'schedule', error: 'work: no luck' }])
    expect(await engine.status()).toMatchObject([{ failingSinceMs: DUE, nextDueMs: DUE + MINUTE_MS, waiting: 1 }])
    clock.set(DUE + MINUTE_MS - 1)
    await settle(engine, 2)
    expect(await runs()).toHaveLength(1)
    clock.set(DUE + MINUTE_MS)
    await settle(engine, 2)
    expect((await runs())[0]).toMatchObject({ status: 'failed', attempt: 2, trigger: 'retry' })
    expect(await engine.status()).toMatchObject([{ failingSinceMs: DUE, nextDueMs: DUE + 3 * MINUTE_MS }])
    clock.set(DUE + 3 * MINUTE_MS)
    await settle(engine, 2)
    expect((await runs())[0]).toMatchObject({ status: 'success', attempt: 3, trigger: 'retry' })
    expect(await engine.status()).toMatchObject([
      { failingSinceMs: null, waiting: 0, lastSuccessMs: DUE + 3 * MINUTE_MS }
    ])
  })

  it('is given up after its attempts, and at once where trying again cannot help', async () => {
    const { clock, open, runs } = await bench(BEFORE)
    const forGood = new BorderflowError('CHECKS_DIFFER', { expected: 'none', found: 'flows (3)' })
    const engine = await open([
      dag({ name: 'often', tasks: [task('work', async () => { throw new Error('never') })] }),
      dag({ name: 'once', tasks: [task('work', async () => { throw forGood })] })
    ])
    await settle(engine, 1)
    for (let minute = 0; minute < 30; minute++) {
      clock.set(DUE + minute * MINUTE_MS)
      await settle(engine, 1)
    }
    expect((await runs('often')).map(run => run.attempt)).toEqual([3, 2, 1])
    expect((await runs('once')).map(run => run.error)).toEqual(['work: expected none, found flows (3).'])
  })

  it('waits no longer than the rule says, less what chance takes away', () => {
    const rule = { attemptsMax: 10, baseMs: 1000, factor: 3, capMs: 20_000, jitter: 0.5 }
    expect([1, 2, 3, 4, 9, 10].map(failures => retryDelay(rule, failures, () => 0)))
      .toEqual([1000, 3000, 9000, 20_000, 20_000, null])
    expect(retryDelay(rule, 2, () => 0.5)).toBe(2250)
  })

  it('waits for no time that only a clock that was ahead could have meant', async () => {
    const { clock, open, runs } = await bench(BEFORE)
    const engine = await open([dag({ tasks: [task('work', async () => { throw new Error('no luck') })] })])
    await settle(engine, 1)
    clock.set(DUE)
    await settle(engine, 1)
    clock.set(at('2026-11-21T01:00'))
    await settle(engine, 1)
    expect((await runs()).map(run => run.attempt).sort()).toEqual([1, 2])
  })
})

describe('a run that a dead process left', () => {
  it('has crashed, is tried again, and counts as an attempt', async () => {
    const { clock, open, runs } = await bench(BEFORE)
    const { run } = held()
    const killed = await open([dag({ tasks: [task('work', run)] })])
    await killed.tick()
    clock.set(DUE)
    await killed.tick()
    expect((await runs())[0]?.status).toBe('running')
    clock.set(DUE + 5 * MINUTE_MS)
    const engine = await open([dag()])
    expect(await runs()).toMatchObject([
      { status: 'crashed', endedMs: DUE + 5 * MINUTE_MS, error: 'the process ended while it ran' }
    ])
    expect(await engine.status()).toMatchObject([
      { failingSinceMs: DUE + 5 * MINUTE_MS, nextDueMs: DUE + 6 * MINUTE_MS }
    ])
    clock.set(DUE + 6 * MINUTE_MS)
    await settle(engine, 2)
    expect((await runs()).map(run => `${run.status} ${run.attempt} ${run.trigger}`))
      .toEqual(['success 2 retry', 'crashed 1 schedule'])
  })
})

describe('runs', () => {
  it('of one DAG never overlap, nor those of DAGs that share a resource', async () => {
    const { clock, open } = await bench(BEFORE)
    const active = new Map<string, number>()
    let worst = 0
    const counted = (name: string, key: string): ReturnType<typeof task> => task(name, async () => {
      active.set(key, (active.get(key) ?? 0) + 1)
      worst = Math.max(worst, active.get(key) ?? 0)
      await new Promise(resolve => { setTimeout(resolve, 5) })
      active.set(key, (active.get(key) ?? 0) - 1)
      return {}
    })
    const every = { schedule: parseCron('*/10 * * * *'), unit: 'hour', catchUp: { kind: 'all', windowMs: 1e9 } } as const
    const engine = await open([
      dag({ ...every, name: 'a', resource: 'disk', tasks: [counted('work', 'disk')] }),
      dag({ ...every, name: 'b', resource: 'disk', tasks: [counted('work', 'disk')] }),
      dag({ ...every, name: 'c', tasks: [counted('work', 'c')] })
    ])
    await engine.tick()
    clock.set(BEFORE + 12 * 60 * MINUTE_MS)
    await Promise.all(Array.from({ length: 20 }, async () => { await engine.tick() }))
    await settle(engine, 20)
    expect(worst).toBe(1)
  })

  it('record their tasks with counts, and do not run what waits for one that failed', async () => {
    const { control, clock, open, runs } = await bench(BEFORE)
    const engine = await open([dag({
      tasks: [
        task('last', async () => ({}), { after: ['good', 'bad'] }),
        task('good', async () => ({ rows: 12 }), { after: [] }),
        task('bad', async () => { throw new Error('broken\nwith more lines') }, { after: [] })
      ]
    })])
    await settle(engine, 1)
    clock.set(DUE)
    await settle(engine, 1)
    const [run] = await runs()
    expect(run).toMatchObject({ status: 'failed', error: 'bad: broken' })
    expect(await control.exclusive(async connection => await listTaskRuns(connection, run?.runId ?? ''))).toMatchObject([
      { task: 'good', status: 'success', counts: { rows: 12 } },
      { task: 'bad', status: 'failed', error: 'broken' },
      { task: 'last', status: 'upstream_failed', startedMs: null }
    ])
  })

  it('time out task by task, and the DAG is not run again before a task that does not listen has ended', async () => {
    const { clock, open, runs } = await bench(BEFORE)
    const stubborn = held()
    const engine = await open([dag({ tasks: [task('work', stubborn.run, { timeoutMs: 10 })] })])
    await engine.tick()
    clock.set(DUE)
    await engine.tick()
    await expect.poll(async () => (await runs())[0]?.status, { timeout: 20_000 }).toBe('timed_out')
    expect((await runs())[0]?.error).toBe('work: it took longer than 0.01 s')
    clock.set(DUE + 5 * MINUTE_MS)
    await engine.tick()
    expect(await runs()).toHaveLength(1)
    stubborn.release()
    await engine.idle()
    await engine.tick()
    expect(await runs()).toHaveLength(2)
    await engine.idle()
  })

  it('are cancelled by a stop and begin again after it, without being counted as failures', async () => {
    const { control, clock, open, runs } = await bench(BEFORE)
    const engine = await open([dag({
      tasks: [task('work', async ({ signal }) => await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => { reject(new Error('told to end')) })
      }))]
    })])
    await engine.tick()
    clock.set(DUE)
    await engine.tick()
    await engine.stop()
    expect(await runs()).toMatchObject([{ status: 'cancelled' }])
    expect(await control.exclusive(async connection => await readSlots(connection))).toMatchObject([{ state: 'waiting', failures: 0 }])
    await settle(await open([dag()]), 2)
    expect((await runs()).map(run => run.status)).toEqual(['success', 'cancelled'])
  })
})

describe('a declaration', () => {
  it('with tasks that wait in a circle, for nothing there is, or that share a name is refused', () => {
    const none = async (): Promise<Record<string, number>> => ({})
    for (const tasks of [
      [], [task('a', none), task('a', none)], [task('a', none, { after: ['b'] })],
      [task('a', none, { after: ['b'] }), task('b', none, { after: ['a'] })]
    ]) expect(() => orderedTasks({ name: 'wrong', tasks })).toThrow('wrong')
  })
})
