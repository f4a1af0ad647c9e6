// A disk that is full at whatever stage, that cannot be written, and a checkpoint that is cut short: what was
// acknowledged is there afterwards, and the rest sent again gives what an undisturbed load gives.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram, startProgram, until, type Running } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { csvOfRunning } from '../process/folders.ts'
import { stream } from '../process/messages.ts'
import { createSite, type Site } from './crash-site.ts'
import { createRandom } from './random.ts'
import { note } from './summary.ts'
import { mountingMissing, mountSmallDisk } from './tmpfs.ts'

const noMount = mountingMissing() !== undefined
const sizes = Number(process.env.BORDERFLOW_TEST_DISKS ?? 6)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
const AS_OF = '2026-03-31'
const TABLES = ['flows', 'flows_hourly', 'registrations', 'stays_summary', 'stock', 'visitors']
/** An empty folder takes a few hundred KiB, all messages several MiB: between them lies every stage. */
const KIB_MIN = 128
const KIB_MAX = 12_000
const ENOUGH_KIB = 262_144
// Checkpoints, which write much at once, come often.
const SMALL = { BORDERFLOW_LOADING_GROUP_MESSAGES_MAX: '400', BORDERFLOW_DATABASE_CHECKPOINT_WAL_MB: '1' }
const SAYS_READ_ONLY = /read-only|EROFS|can be made or written/i
const SAYS_FULL = /DISK_FULL|no space|ENOSPC|could not write|disk|SQLITE_FULL|write error/i

const messages = stream({
  seed, scale: 0.04, from: '2026-02-01', to: '2026-02-05', correctionShare: 0.05, duplicateShare: 0.02, badShare: 0.01
})
let reference: Promise<Record<string, string>> | undefined
/** The tables of a load that nothing disturbs, made once. */
const undisturbed = async (): Promise<Record<string, string>> =>
  await (reference ??= temporaryFolder().then(async folder => await loadedWhole(await newSite(folder))))

describe.skipIf(noMount)('a data folder', () => {
  const random = createRandom(seed)
  // Evenly over the logarithm: what happens first happens on small disks.
  const kibibytes = Array.from({ length: sizes }, (_, i) =>
    Math.round(KIB_MIN * (KIB_MAX / KIB_MIN) ** ((i + random.next()) / sizes)))

  it.each(kibibytes)('on a disk of %i KiB loses nothing that was acknowledged, and goes on when there is room', async size => {
    const disk = mountSmallDisk(size)
    const site = await newSite(disk.path)
    const running = startProgram(['start', '--data', site.data], { env: site.env })
    const address = await startedOrEnded(running)
    const waiting = address === null ? -1 : await site.post(address)
    if (address === null) {
      const { code, stderr } = await running.ended
      expect(code, stderr).toBe(1)
      expect(stderr).toMatch(SAYS_FULL)
    } else if (waiting > 0) {
      // It refuses, or has ended: with a reason in either case.
      await until(() => SAYS_FULL.test(running.stderr()) || SAYS_FULL.test(site.lastRefusal()), `a reason: ${running.stderr()}`)
      await running.kill()
    } else {
      await running.kill()
    }
    note({ test: 'disk full', seed, kibibytes: size, stage: address === null ? 'start' : waiting > 0 ? 'loading' : 'none' })
    disk.resize(ENOUGH_KIB)
    expect(await loadedWhole(site)).toEqual(await undisturbed())
  })

  it('that is read-only is not begun with, and says so', async () => {
    const disk = mountSmallDisk(ENOUGH_KIB)
    const site = await newSite(disk.path)
    disk.setReadOnly(true)
    const fresh = await runProgram(['start', '--data', site.data], { env: site.env })
    expect(fresh.code, fresh.stderr).toBe(1)
    expect(fresh.stderr).toMatch(SAYS_READ_ONLY)
    disk.setReadOnly(false)
    expect(await loadedWhole(site)).toEqual(await undisturbed())
    disk.setReadOnly(true)
    const known = await runProgram(['start', '--data', site.data], { env: site.env })
    expect(known.code, known.stderr).toBe(1)
    expect(known.stderr).toMatch(SAYS_READ_ONLY)
    disk.setReadOnly(false)
    expect(await loadedWhole(site)).toEqual(await undisturbed())
  })

  it('whose permission is lost while it is loaded acknowledges nothing that it cannot keep', async () => {
    const half = messages.length >> 1
    const site = await newSite(await temporaryFolder(), messages.slice(0, half))
    const running = startProgram(['start', '--data', site.data], { env: site.env })
    const address = await startedOrEnded(running)
    expect(address).not.toBeNull()
    expect(await site.post(String(address))).toBe(0)
    // Not even root makes a file in a folder that is immutable.
    execFileSync('chattr', ['+i', site.data, join(site.data, 'intake')])
    try {
      site.queue(messages.slice(half))
      await site.post(String(address))
    } finally {
      execFileSync('chattr', ['-i', site.data, join(site.data, 'intake')])
    }
    await running.kill()
    expect(await loadedWhole(site)).toEqual(await undisturbed())
  })
})

async function newSite (folder: string, queued = messages): Promise<Site> {
  const site = await createSite(folder, 'data', null, SMALL)
  site.queue(queued)
  return site
}

/** Sends the rest on a new start, and returns every table once all is in them. */
async function loadedWhole (site: Site): Promise<Record<string, string>> {
  const running = startProgram(['start', '--data', site.data], { env: site.env })
  const { address } = await running.logged('started')
  expect(await site.differences(true)).toEqual([])
  await until(async () => await site.post(String(address)) === 0, 'every request acknowledged')
  await until(async () => await site.accounted() === messages.length, `all ${messages.length} messages`)
  expect(await site.differences(true)).toEqual([])
  const tables: Record<string, string> = { outcomes: JSON.stringify(await site.outcomes()) }
  for (const table of TABLES) tables[table] = await csvOfRunning(site.data, table, AS_OF)
  await running.terminate()
  return tables
}

/** The address where it listens, or null if it ended before. */
async function startedOrEnded (running: Running): Promise<string | null> {
  return await Promise.race([
    running.logged('started').then(({ address }) => String(address), () => null), running.ended.then(() => null)
  ])
}
