import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../core/civil-date.ts'
import { lastFire, nextFire, parseCron } from '../../../core/cron.ts'
import { lastEnded } from '../../../dags/engine/period.ts'
import { at, bench, dag, settle, task } from './support.ts'

describe('a slot', () => {
  it('runs once when it comes due, for the last period that has ended', async () => {
    const { clock, open, runs } = await bench(at('2026-11-20T12:00'))
    const engine = await open([dag()])
    await settle(engine, 2)
    expect(await runs()).toEqual([])
    clock.set(at('2026-11-21T02:00'))
    await settle(engine, 3)
    clock.set(at('2026-11-21T23:59'))
    await settle(engine, 2)
    expect(await runs()).toMatchObject([{
      dag: 'sample', period: '2026-11-20', status: 'success', trigger: 'schedule', attempt: 1,
      startedMs: at('2026-11-21T02:00'), pid: process.pid
    }])
  })

  it('that was missed runs at the next start: the last one, all of a window, or none', async () => {
    const { clock, open, runs } = await bench(at('2026-11-10T12:00'))
    const dags = [
      dag({ name: 'last' }), dag({ name: 'all', catchUp: { kind: 'all', windowMs: 3 * DAY_MS } }),
      dag({ name: 'none', catchUp: { kind: 'none' } })
    ]
    await settle(await open(dags), 1)
    clock.set(at('2026-11-20T12:00'))
    await settle(await open(dags), 5)
    const done = async (name: string, status: string): Promise<string[]> =>
      (await runs(name)).filter(run => run.status === status).map(run => `${run.period} ${run.trigger}`).sort()
    expect(await done('last', 'success')).toEqual(['2026-11-19 catchup'])
    expect(await done('last', 'skipped')).toHaveLength(9)
    expect(await done('all', 'success')).toEqual(['2026-11-17 catchup', '2026-11-18 catchup', '2026-11-19 catchup'])
    expect(await done('none', 'success')).toEqual([])
    expect(await done('none', 'skipped')).toHaveLength(10)
  })

  it('of before the DAG was known is not owed, but the last one of a DAG that begins with it', async () => {
    const { open, runs } = await bench(at('2026-11-20T12:00'))
    const all = { kind: 'all', windowMs: 30 * DAY_MS } as const
    await settle(await open([dag({ name: 'next', catchUp: all }), dag({ name: 'last', catchUp: all, begins: 'last' })]), 3)
    expect((await runs()).map(run => `${run.dag} ${run.period}`)).toEqual(['last 2026-11-19'])
  })

  it('of several times in one period is one', async () => {
    const { clock, open, runs } = await bench(at('2026-11-20T00:30'))
    const engine = await open([dag({ schedule: parseCron('0 */6 * * *') })])
    for (let hour = 1; hour <= 48; hour++) {
      clock.set(at('2026-11-20T00:30') + hour * HOUR_MS)
      await settle(engine, 2)
    }
    expect((await runs()).map(run => run.period)).toEqual(['2026-11-21', '2026-11-20', '2026-11-19'])
  })

  it('that waits behind a newer one is left out where only the last is owed', async () => {
    const { clock, open, runs } = await bench(at('2026-11-20T12:00'))
    let release = (): void => {}
    const engine = await open([dag({
      tasks: [task('slow', async () => await new Promise(resolve => { release = () => { resolve({}) } }))]
    })])
    await engine.tick()
    clock.set(at('2026-11-21T02:00'))
    await engine.tick()
    for (const day of ['22', '23', '24']) {
      clock.set(at(`2026-11-${day}T02:00`))
      await engine.tick()
    }
    expect((await runs()).filter(run => run.status === 'running')).toHaveLength(1)
    release()
    await engine.idle()
    await engine.tick()
    release()
    await engine.idle()
    const states = (await runs()).map(run => `${run.period} ${run.status}`).sort()
    expect(states).toEqual(['2026-11-20 success', '2026-11-21 skipped', '2026-11-22 skipped', '2026-11-23 success'])
  })
})

describe('whatever the clock does and however often the process is started again', () => {
  const START = at('2026-11-01T00:30')
  const steps = fc.array(fc.record({
    jumpMinutes: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 3000 }) },
      { weight: 2, arbitrary: fc.integer({ min: -4000, max: 0 }) },
      { weight: 1, arbitrary: fc.integer({ min: -9000, max: 9000 }) }),
    restart: fc.boolean(),
    looks: fc.integer({ min: 0, max: 3 })
  }), { minLength: 1, maxLength: 7 })

  it('every slot that has come due runs once to success, and none twice', async () => {
    await fc.assert(fc.asyncProperty(steps, async steps => {
      const { clock, open, runs } = await bench(START)
      const daily = dag({ catchUp: { kind: 'all', windowMs: 1000 * DAY_MS } })
      const { schedule } = daily
      let engine = await open([daily])
      await engine.tick()
      let [now, earliest, latest] = [START, START, START]
      for (const { jumpMinutes, restart, looks } of steps) {
        now += jumpMinutes * 60_000
        clock.set(now)
        if (restart) engine = await open([daily])
        await settle(engine, looks)
        if (looks > 0) [earliest, latest] = [Math.min(earliest, now), Math.max(latest, now)]
      }
      // However many slots the jumps made due.
      do { await settle(engine, 1) } while ((await runs()).some(run => run.status === 'queued'))
      const successes = (await runs()).filter(run => run.status === 'success').map(run => run.period).sort()
      expect(new Set(successes).size).toBe(successes.length)
      const from = Math.min(earliest, now)
      for (let due = nextFire(schedule, from); due !== null && due <= now; due = nextFire(schedule, due)) {
        expect(successes).toContain(lastEnded('day', due).key)
      }
      expect(successes.every(period => period <= lastEnded('day', Math.max(latest, now)).key)).toBe(true)
    }), { numRuns: 15, endOnFailure: true })
  }, 120_000)

  it('the last slot that has come due is run, and no slot twice, where only the last is owed', async () => {
    await fc.assert(fc.asyncProperty(steps, async steps => {
      const { clock, open, runs } = await bench(START)
      const daily = dag()
      let engine = await open([daily])
      await engine.tick()
      let now = START
      for (const { jumpMinutes, restart } of steps) {
        now += jumpMinutes * 60_000
        clock.set(now)
        if (restart) engine = await open([daily])
        await settle(engine, 2)
        const periods = (await runs()).filter(run => run.status === 'success').map(run => run.period)
        expect(new Set(periods).size).toBe(periods.length)
        const due = lastFire(daily.schedule, now)!
        if (due > START) expect(periods).toContain(lastEnded('day', due).key)
      }
    }), { numRuns: 15 })
  }, 120_000)
})
