// Looking at a real warehouse, control file, disk and key.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import { masterKeyFile } from '../../../core/keys.ts'
import { createClockWatch } from '../../../dags/alerts/clock-step.ts'
import { createObserver, createReceivedWindow } from '../../../dags/alerts/index.ts'
import { DEFAULT_FEED_LIMITS, DEFAULT_SURGE_LIMITS, refreshBaseline } from '../../../dags/baseline/index.ts'
import { recordIntegrity } from '../../../sinks/control/integrity.ts'
import { openControl } from '../../../sinks/control/control.ts'
import { crossing } from '../../process/messages.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { codeLists, loadMessages, openTestWarehouse } from '../../support/warehouse.ts'

const HOUR_MS = 3_600_000
/** 10:20 at UTC+7. */
const NOW_MS = Date.parse('2026-05-04T03:20:00Z')

async function observed () {
  const folder = await temporaryFolder()
  const warehouse = await openTestWarehouse(folder)
  const control = await openControl(folder)
  onTestFinished(async () => {
    await control.close()
    await warehouse.close()
  })
  const clock = fixedClock(NOW_MS)
  const errors: unknown[] = []
  let monotonicMs = 0
  const observe = createObserver({
    folder, keysFolder: join(folder, 'keys'), feeds: DEFAULT_FEED_LIMITS, surges: DEFAULT_SURGE_LIMITS, costShareMax: 1, everyMsMax: 0
  }, {
    read: warehouse.read,
    lists: codeLists,
    codeNumbers: warehouse.codeNumbers,
    control,
    clock,
    monotonicMs: () => monotonicMs,
    now: () => clock.now(),
    received: createReceivedWindow(clock),
    sources: () => [{ name: 'kafka', state: 'running', lag: 7 }],
    derivedLagSeconds: () => 1.5,
    onError: error => { errors.push(error) }
  })
  return { folder, warehouse, control, clock, errors, observe, pass: (ms: number) => { monotonicMs += ms } }
}

/** Nationals returned through a gate at an instant, the first of them a voluntary one. */
function returned (checkpoint: string, persons: number, atMs: number): Record<string, unknown>[] {
  return Array.from({ length: persons }, (_, i) => crossing(`${checkpoint}-${atMs}-${i}`, {
    occurred_at: new Date(atMs).toISOString(),
    recorded_at: new Date(atMs + 1_000).toISOString(),
    checkpoint,
    document: { type: 'passport', issuing_state: 'KHM', number: `K${checkpoint}${atMs}${i}` },
    traveller: { nationality: 'KHM', sex: 'F', date_of_birth: '1990-02-03' },
    visa: undefined,
    purpose: undefined,
    returnee: { from: 'THA', reason: i === 0 ? 'voluntary' : 'crisis', nea: 'requested' }
  }))
}

describe('a look', () => {
  it('counts returnees by gate in this hour and the last, beside the usual', { timeout: 60_000 }, async () => {
    const { warehouse, observe, errors } = await observed()
    const events = [
      ...returned('KHC-POI', 30, NOW_MS - 5 * 60_000), ...returned('KHC-POI', 9, NOW_MS - HOUR_MS),
      ...returned('KHC-DNG', 12, NOW_MS - HOUR_MS), ...returned('KHC-DNG', 50, NOW_MS - 3 * HOUR_MS),
      ...returned('KHC-POI', 28, NOW_MS - 24 * HOUR_MS), ...returned('KHC-POI', 28, NOW_MS - 48 * HOUR_MS),
      // Not a returnee, and one that is taken back.
      crossing('other', { occurred_at: new Date(NOW_MS - 60_000).toISOString(), recorded_at: new Date(NOW_MS - 59_000).toISOString() }),
      ...returned('KHC-BVT', 1, NOW_MS - 60_000)
    ]
    const messages = events.map(event => ({ bytes: Buffer.from(JSON.stringify(event)), receivedAtMs: NOW_MS - 1_000 }))
    const voided = { contract: 'gdi.crossing.v1', event_id: `KHC-BVT-${NOW_MS - 60_000}-0`, revision: 2, action: 'void' }
    messages.push({ bytes: Buffer.from(JSON.stringify(voided)), receivedAtMs: NOW_MS })
    const { loaded, quarantined } = await loadMessages(warehouse, messages)
    expect([loaded, quarantined]).toEqual([messages.length, {}])
    const { figures } = await observe()
    expect(errors).toEqual([])
    expect(figures!.returnees.toSorted((a, b) => a.checkpoint.localeCompare(b.checkpoint))).toEqual([
      { checkpoint: 'KHC-DNG', persons: 12, usual: 0 }, { checkpoint: 'KHC-POI', persons: 30, usual: 2 }
    ])
    expect([figures!.baseline, figures!.surges, figures!.gapsOpen]).toEqual(['none', null, 0])
    expect(figures!.feeds.find(({ checkpoint }) => checkpoint === 'KHC-POI')?.lastReceivedAtMs).toBe(NOW_MS - 1_000)
  })

  it('knows whether the baseline reaches today', { timeout: 60_000 }, async () => {
    const { warehouse, observe, clock, control } = await observed()
    await warehouse.exclusive(async connection => {
      await refreshBaseline(connection, { lists: codeLists, codeNumbers: warehouse.codeNumbers, nowMs: NOW_MS })
    })
    await recordIntegrity(control, [{ check: 'flows', differences: 2 }, { check: 'codes', differences: 0 }], NOW_MS)
    const now = await observe()
    expect([now.figures!.baseline, now.figures!.surges]).toEqual(['good', []])
    expect(now.integrity?.differences).toEqual([{ check: 'flows', rows: 2 }])
    expect(now.diskFreePercent).toBeGreaterThan(0)
    expect(now.diskFreePercent).toBeLessThanOrEqual(100)
    clock.set(NOW_MS + 9 * 24 * HOUR_MS)
    expect((await observe()).figures!.baseline).toBe('old')
  })

  it('finds what is wrong with the key file, and that it is right again', { timeout: 60_000 }, async () => {
    const { folder, observe, errors } = await observed()
    const file = masterKeyFile(join(folder, 'keys'))
    const key = await readFile(file)
    const fault = async (): Promise<unknown> => (await observe()).keyFault
    expect(await fault()).toBe(null)
    await chmod(file, 0o644)
    expect(await fault()).toBe('readable by others')
    await rm(file)
    expect(await fault()).toBe('missing')
    await writeFile(file, `${'ab'.repeat(32)}\n`, { mode: 0o400 })
    expect(await fault()).toBe('changed')
    await rm(file)
    await writeFile(file, 'no key', { mode: 0o400 })
    expect(await fault()).toBe('changed')
    await rm(file)
    await writeFile(file, key, { mode: 0o400 })
    expect(await fault()).toBe(null)
    expect(errors).toEqual([])
  })

  it('says that it could not read, and never fails', { timeout: 60_000 }, async () => {
    const { warehouse, control, observe, errors, folder } = await observed()
    await warehouse.exclusive(async connection => { await connection.run('drop table main.gaps') })
    await control.exclusive(async connection => { await connection.run('drop table main.integrity_checks') })
    await rm(join(folder, 'keys'), { recursive: true })
    const now = await observe()
    expect([now.figures, now.integrity, now.keyFault]).toEqual([null, null, 'missing'])
    expect(errors).toHaveLength(2)
  })
})

describe('the clock', () => {
  it('is told of when it is set forth or back, for a quarter of an hour', () => {
    const clock = fixedClock(NOW_MS)
    let monotonicMs = 5
    const look = createClockWatch(clock, () => monotonicMs)
    const pass = (seconds: number, setBySeconds = 0): number => {
      monotonicMs += seconds * 1000
      clock.set(clock.now() + (seconds + setBySeconds) * 1000)
      return look()
    }
    expect([pass(10), pass(3_600), pass(10, 0.4)]).toEqual([0, 0, 0])
    expect([pass(10, -7_200), pass(10, 60), pass(600)]).toEqual([7_200, 7_200, 7_200])
    expect(pass(600)).toBe(0)
  })
})

describe('what was received in the last hour', () => {
  it('is counted by source, and forgotten after an hour', () => {
    const clock = fixedClock(NOW_MS)
    const window = createReceivedWindow(clock)
    const row = (kind: string, reason: string, messages: number) =>
      ({ receivedDay: 1, source: 'http', partition: 'p', contract: 'gdi.crossing.v1', kind, reason, messages })
    window.note([row('loaded', 'none', 70), row('quarantined', 'schema', 20), row('schema_drift', 'none', 9)])
    clock.set(NOW_MS + 30 * 60_000)
    window.note([row('quarantined', 'in_future', 10), row('gap', 'absent', 1_000)])
    expect(window.shares()).toEqual([{ source: 'http', messages: 100, quarantined: 30, inFuture: 10, isWhole: false }])
    clock.set(NOW_MS + 61 * 60_000)
    expect(window.shares()).toEqual([{ source: 'http', messages: 10, quarantined: 10, inFuture: 10, isWhole: true }])
    clock.set(NOW_MS + 91 * 60_000)
    expect(window.shares()).toEqual([{ source: 'http', messages: 0, quarantined: 0, inFuture: 0, isWhole: true }])
  })
})
