import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { FAILPOINTS } from '../../core/failpoint.ts'
import { brokerForTests, brokerMissing } from '../support/broker.ts'
import { startProgram, startService, until, type Running } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { crashPlan, provocationOf, type Crash } from '../torture/crash-plan.ts'
import { accountedIn, ageSegments, createSite, sendToKafka, spoolState, wayOf, type Site } from '../torture/crash-site.ts'
import { createRandom, type Random } from '../torture/random.ts'
import { note } from '../torture/summary.ts'
import { csvOfRunning, valueOfRunning } from './folders.ts'
import { stream, type StreamMessage } from './messages.ts'
import { createTopics } from './topics.ts'

const noBroker = await brokerMissing() !== undefined
const kills = Number(process.env.BORDERFLOW_TEST_KILLS ?? 50)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
/** The saved copy of the id index is written at the end of a process only after so many. */
const EVENTS_MIN = 60_000
const AS_OF = '2026-03-31'
const TABLES = [
  'flows', 'flows_hourly', 'refusals', 'minors', 'returnees', 'registrations',
  'stays_summary', 'stock', 'overstays', 'registration_coverage', 'visitors', 'migrants', 'extensions'
]
/** Those in which a week leaves many rows, so that equal does not mean empty. */
const FULL = new Set(['flows', 'flows_hourly', 'minors', 'registrations', 'stays_summary', 'stock', 'visitors'])
// Many small transactions, so that kills fall between and within them, and checkpoints in between.
const SMALL = { BORDERFLOW_LOADING_GROUP_MESSAGES_MAX: '400', BORDERFLOW_DATABASE_CHECKPOINT_WAL_MB: '2' }
/** A process that has done all it was given and does not pass its point by then is sent more. */
const PATIENCE_MS = 2_000
/** Offsets are committed now and then, and after the session of the one that was killed. */
const KAFKA_PATIENCE_MS = 40_000
/** All it was given may take so long on a machine that is busy. */
const WORK_MS = 600_000
/** Asking has a cost to the one that is to work. */
const STATUS_MS = 100
const ROUNDS_MAX = 8
const ATTEMPTS_MAX = 6

describe.skipIf(noBroker)('a process that is killed again and again', () => {
  it(`loads every event once all the same: ${kills} kills, seed ${seed}`, async () => {
    const begun = performance.now()
    const folder = await temporaryFolder()
    const random = createRandom(seed)
    const plan = crashPlan(kills, random)
    const messages = stream({
      seed,
      scale: Math.max(0.45, plan.length / 400),
      from: '2026-02-01',
      to: '2026-02-07',
      correctionShare: 0.05,
      duplicateShare: 0.02,
      badShare: 0.01
    })
    expect(messages.length).toBeGreaterThan(EVENTS_MIN)
    const brokers = await brokerForTests()
    const topics = await createTopics(brokers)
    const killed = await createSite(folder, 'killed', topics, SMALL)
    const calm = await createSite(folder, 'calm', topics, SMALL)
    const share = Math.ceil(messages.length / (plan.length + 1))
    let sent = 0
    const deliver = async (): Promise<number> => {
      const part = messages.slice(sent, sent + share)
      sent += part.length
      const way = (wanted: string): StreamMessage[] => part.filter(message => wayOf(message) === wanted)
      await sendToKafka(brokers, topics, way('kafka'))
      for (const site of [killed, calm]) {
        if (part.length > 0) await site.spoolFile(way('spool'))
        site.queue(way('http'))
      }
      return sent
    }

    const reached = new Set<string>()
    let verified = 0
    for (const [turn, crash] of plan.entries()) {
      if (crash.kind === 'point' && provocationOf(crash.point) === 'purge') await ageSegments(killed.data, Date.now())
      // A command that looked at the folder may have saved a copy at its end: then there is too little for another.
      if (crash.kind === 'point' && crash.point.startsWith('index-copy')) {
        await rm(join(killed.data, 'id-index.bin'), { force: true })
      }
      const { running, isClean } = await dying(crash, killed, deliver, random)
      const { signal, code } = await running.ended
      expect(signal, `turn ${turn}, ${JSON.stringify(crash)}: ended with ${code}: ${running.stderr()}`).toBe('SIGKILL')
      if (crash.kind === 'point') reached.add(crash.point)
      // A process that died too early to be asked is followed by a command that opens the folder as well.
      if (isClean) verified++
      else if (crash.kind === 'point') {
        expect(await killed.differences(false), JSON.stringify(crash)).toEqual([])
        verified++
      }
    }
    expect([...reached].sort()).toEqual([...FAILPOINTS].sort())
    while (sent < messages.length) await deliver()

    for (const site of [killed, calm]) {
      const { address } = await startService(site.data, { env: site.env })
      await until(async () => await site.post(address) === 0, 'every request acknowledged')
      await until(async () => await site.accounted() === messages.length, `all ${messages.length} messages of ${site.data}`)
      await until(async () => (await spoolState(site.spool)).waiting.length === 0, 'an empty spool')
      expect((await spoolState(site.spool)).failed).toEqual([])
      expect(await site.differences(true)).toEqual([])
    }
    expect(await killed.outcomes()).toEqual(await calm.outcomes())
    for (const table of TABLES) {
      const csv = await csvOfRunning(killed.data, table, AS_OF)
      expect(csv === await csvOfRunning(calm.data, table, AS_OF), table).toBe(true)
      if (FULL.has(table)) expect(csv.split('\n').length, table).toBeGreaterThan(100)
    }
    note({
      test: 'crash loop', seed, kills: plan.length, failpoints: reached.size, verified, messages: messages.length,
      seconds: Math.round((performance.now() - begun) / 1000)
    })
  }, 240_000 + kills * 60_000)
})

function arming (crash: Crash): Record<string, string> {
  if (crash.kind !== 'point') return {}
  return {
    BORDERFLOW_TEST_FAILPOINTS_ALLOWED: 'yes',
    BORDERFLOW_TEST_FAILPOINT: `${crash.point}@${crash.pass}`
  }
}

/** Starts a process that dies as planned; once more where its end took so long that it came before the point. */
async function dying (
  crash: Crash, site: Site, deliver: () => Promise<number>, random: Random
): Promise<{ running: Running, isClean: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const running = startProgram(['start', '--data', site.data], { env: { ...site.env, ...arming(crash) } })
    const isClean = await dieOf(crash, running, site, deliver, random)
    const { code } = await running.ended
    const mayRepeat = crash.kind === 'point' && provocationOf(crash.point) === 'terminate'
    if (code !== 0 || !mayRepeat || attempt === ATTEMPTS_MAX) return { running, isClean }
  }
}

/** Lets the process die as planned. Returns true if it had started and everything was verified. */
async function dieOf (
  crash: Crash, running: Running, site: Site, deliver: () => Promise<number>, random: Random
): Promise<boolean> {
  if (crash.kind === 'starting') {
    await deliver()
    await sleep(crash.afterMs)
    await running.kill()
    return false
  }
  const address = await startedOrEnded(running)
  const isClean = address !== null && await verifiedAlive(site)
  if (address === null) return false
  if (crash.kind === 'loading') {
    const before = await loadedOf(address, crash.source)
    await deliver()
    const posting = site.post(address)
    await until(async () => await loadedOf(address, crash.source) > before, `something of ${crash.source}: ${running.stderr()}`)
    await sleep(crash.afterMs)
    await running.kill()
    await posting
    return isClean
  }
  const patienceMs = crash.point.startsWith('kafka') ? KAFKA_PATIENCE_MS : PATIENCE_MS
  for (let round = 0; round < ROUNDS_MAX && !await isOver(running, 0); round++) {
    const delivered = await deliver()
    const posting = site.post(address)
    await Promise.race([running.ended, worked(crash, site, running, random, delivered)])
    if (!await isOver(running, patienceMs)) continue
    await posting
  }
  // Not reached: the caller sees that no SIGKILL of its own ended it.
  if (!await isOver(running, 0)) throw new Error(`${crash.point} was not reached: ${running.stderr().slice(-4000)}`)
  return isClean
}

/** Resolves when it has done what it was given and asked, or at its end. */
async function worked (
  crash: Crash & { kind: 'point' }, site: Site, running: Running, random: Random, delivered: number
): Promise<void> {
  const way = provocationOf(crash.point)
  // What is to be folded, replayed or purged must be loaded first; and nothing may hold up the end of the process.
  if (way === 'load' || way === 'terminate') await settled(site, delivered).catch(() => {})
  else if (await isOver(running, 1_000)) return
  if (way === 'terminate') {
    process.kill(running.pid, 'SIGTERM')
    await running.ended
  }
  const ask = async (name: string, parameters: object = {}): Promise<void> => {
    await valueOfRunning(site.data, name, parameters).catch(() => {})
  }
  if (way === 'compact' || way === 'purge') await ask('dag.run', { name: way, again: true })
  if (way === 'replay') await ask('quarantine.replay')
  if (way === 'backup') await ask('backup', { folder: join(`${site.data}-backups`, String(random.below(1e9))) })
  if (way === 'rebuild') await ask('rebuild')
}

/** The address where it listens, or null if it died before. */
async function startedOrEnded (running: Running): Promise<string | null> {
  const ended = running.ended.then(() => null)
  return await Promise.race([running.logged('started').then(({ address }) => String(address), () => null), ended])
}

interface Status { derived: { state: string, lagSeconds: number }, messages: Record<string, number> }

/** Waits until so many messages are accounted for, and the derived tables hold what was loaded. */
async function settled (site: Site, messages: number): Promise<void> {
  await until(async () => {
    const { derived, messages: outcomes } = await valueOfRunning<Status>(site.data, 'status')
    if (accountedIn(outcomes) === messages && derived.state === 'waiting' && derived.lagSeconds === 0) return true
    await sleep(STATUS_MS)
    return false
  }, `${messages} messages loaded and derived`, WORK_MS)
}

async function verifiedAlive (site: Site): Promise<boolean> {
  let found: string[]
  try {
    found = await site.differences(true)
  } catch {
    return false
  }
  expect(found).toEqual([])
  return true
}

async function isOver (running: Running, withinMs: number): Promise<boolean> {
  const timer = new AbortController()
  const over = await Promise.race([
    running.ended.then(() => true),
    sleep(withinMs, false, { signal: timer.signal }).catch(() => false)
  ])
  timer.abort()
  return over
}

/** Messages of a source that the process has loaded, by its metrics. */
async function loadedOf (address: string, source: string): Promise<number> {
  // A connection that was kept open may be closing just now: then it is asked again.
  const metrics = await fetch(`${address}/metrics`).then(async response => await response.text(), () => '')
  return metrics.split('\n').filter(line => line.startsWith(`borderflow_messages_total{source="${source}"`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
