import { describe, expect, it } from 'vitest'
import type { TaskContext } from '../../../dags/engine/dag.ts'
import { at, bench, dag, settle, task } from './support.ts'

const NOW = at('2026-11-20T12:00')

describe('a run by hand', () => {
  it('does what the schedule does, so that the schedule has nothing left to do', async () => {
    const { clock, open, runs } = await bench(at('2026-11-20T01:00'))
    const periods: TaskContext['period'][] = []
    const engine = await open([dag({
      tasks: [task('work', async ({ period }) => {
        periods.push(period)
        return { rows: 1 }
      })]
    })])
    await settle(engine, 1)
    expect(await engine.run({ dag: 'sample' })).toMatchObject([
      { period: '2026-11-19', status: 'success', tasks: [{ task: 'work', counts: { rows: 1 } }] }
    ])
    clock.set(at('2026-11-20T02:00'))
    await settle(engine, 2)
    expect(await runs()).toMatchObject([{ period: '2026-11-19', trigger: 'manual', status: 'success' }])
    clock.set(at('2026-11-21T02:00'))
    await settle(engine, 2)
    expect(periods.map(period => period.key)).toEqual(['2026-11-19', '2026-11-20'])
    expect(periods[0]).toMatchObject({ startMs: at('2026-11-19T00:00'), endMs: at('2026-11-20T00:00') })
  })

  it('of a period that is done needs to be asked for again', async () => {
    const { open, runs } = await bench(NOW)
    const engine = await open([dag()])
    await engine.run({ dag: 'sample', period: '2026-11-10' })
    await expect(engine.run({ dag: 'sample', period: '2026-11-10' })).rejects.toMatchObject({ code: 'REFUSED' })
    await engine.run({ dag: 'sample', period: '2026-11-10', again: true })
    expect((await runs()).map(run => run.attempt)).toEqual([2, 1])
  })

  it('fills several periods in their order, leaves out what is done, and stops behind a failure', async () => {
    const { open } = await bench(NOW)
    const engine = await open([dag({
      tasks: [task('work', async ({ period }) => {
        if (period.key === '2026-11-04') throw new Error('no luck')
        return {}
      })]
    })])
    await engine.run({ dag: 'sample', period: '2026-11-02' })
    const runs = await engine.run({ dag: 'sample', from: '2026-11-01', to: '2026-11-06' })
    expect(runs.map(run => `${run.period} ${run.status}`)).toEqual(['2026-11-01 success', '2026-11-03 success', '2026-11-04 failed'])
    // What nobody owed is not tried again by itself.
    expect(await engine.status()).toMatchObject([{ waiting: 0 }])
  })

  it('is refused while another is in the way, and planned without running anything', async () => {
    const { open, runs } = await bench(NOW)
    let release = (): void => {}
    const engine = await open([
      dag({ resource: 'disk', tasks: [task('work', async () => await new Promise(resolve => { release = () => { resolve({}) } }))] }),
      dag({ name: 'other', resource: 'disk' })
    ])
    expect(await engine.plan({ dag: 'other' })).toMatchObject({
      tasks: ['work'], periods: [{ period: '2026-11-19', runs: true, why: 'never run' }]
    })
    const running = engine.run({ dag: 'sample' })
    await expect.poll(async () => (await runs()).length).toBe(1)
    await expect(engine.run({ dag: 'sample', period: '2026-11-01' })).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(engine.run({ dag: 'other' })).rejects.toThrow('sample running')
    expect(await engine.plan({ dag: 'other' })).toMatchObject({ periods: [{ runs: false, why: 'sample is running' }] })
    release()
    await running
    expect(await runs('other')).toEqual([])
  })

  it.each([
    [{ dag: 'nothing' }, 'NOT_FOUND'],
    [{ dag: 'sample', period: '2026-11' }, 'USAGE'],
    [{ dag: 'sample', period: '2026-11-20' }, 'USAGE'],
    [{ dag: 'sample', from: '2026-11-01' }, 'USAGE'],
    [{ dag: 'sample', from: '2026-11-02', to: '2026-11-01' }, 'USAGE'],
    [{ dag: 'sample', from: '2020-11-02', to: '2026-11-01' }, 'USAGE'],
    [{ dag: 'sample', period: '2026-11-01', from: '2026-11-02', to: '2026-11-03' }, 'USAGE']
  ])('%o is refused as %s', async (request, code) => {
    const { open, runs } = await bench(NOW)
    const engine = await open([dag()])
    await expect(engine.run(request)).rejects.toMatchObject({ code })
    await expect(engine.plan(request)).rejects.toMatchObject({ code })
    expect(await runs()).toEqual([])
  })
})
