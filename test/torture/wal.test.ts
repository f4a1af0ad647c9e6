// The write-ahead log torn and flipped at many places: the warehouse opens as of an earlier moment, or refuses and is
// repaired. Either way positions and rows agree, and reading on from them gives what an undisturbed load gives.
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasCode } from '../../core/errors.ts'
import { repairDatabase } from '../../sinks/warehouse/repair.ts'
import { verify } from '../../sinks/verify/verify.ts'
import { warehouseFile, type Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { stream } from '../process/messages.ts'
import { loadMessages, openTestWarehouse, textRows, type TestMessage } from '../support/warehouse.ts'
import { createRandom } from './random.ts'

const all = process.env.BORDERFLOW_TEST_WAL === 'all'
const offsets = Number(process.env.BORDERFLOW_TEST_WAL ?? 64)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
/** In the long form every offset is tried, so the log is kept small. */
const MESSAGES = all ? 12 : 900
const BATCH = all ? 4 : 100
const RECEIVED_MS = Date.parse('2026-12-31T00:00:00Z')
const TABLES = ['flows', 'flows_hourly', 'registrations', 'refusals', 'minors']

const messages: TestMessage[] = stream({
  seed, scale: 0.02, from: '2026-02-01', to: '2026-02-03', correctionShare: 0.1, duplicateShare: 0.02, badShare: 0.02
}).slice(0, 2 * MESSAGES).map(({ value }) => ({ bytes: value, receivedAtMs: RECEIVED_MS }))

let root: string
let image: string
let undisturbed: string
let log: Buffer

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'borderflow-wal-'))
  image = join(root, 'image')
  const folder = join(root, 'whole')
  const warehouse = await openTestWarehouse(folder)
  try {
    await loadMessages(warehouse, messages.slice(0, MESSAGES), BATCH)
    await warehouse.checkpoint()
    await loadMessages(warehouse, messages.slice(MESSAGES), BATCH)
    // What a power cut would leave: every commit was acknowledged, none of the second half is folded in.
    cpSync(folder, image, { recursive: true })
    undisturbed = await contentOf(warehouse)
  } finally {
    await warehouse.close()
  }
  log = readFileSync(`${warehouseFile(image)}.wal`)
})
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

describe(`a log damaged at ${all ? 'every' : offsets} offsets, seed ${seed}`, () => {
  it('is there to be damaged', () => {
    expect(log.length).toBeGreaterThan(1_000)
  })

  it('that is torn there loses nothing for good', async () => {
    const seen = { opened: 0, repaired: 0 }
    for (const offset of places()) seen[await recovered(Buffer.from(log.subarray(0, offset)))]++
    expect(seen.opened).toBeGreaterThan(0)
  }, 600_000)

  it('that has a bit flipped there loses nothing for good', async () => {
    const random = createRandom(seed + 1)
    const seen = { opened: 0, repaired: 0 }
    for (const offset of places()) {
      const flipped = Buffer.from(log)
      flipped[offset] = flipped[offset]! ^ (1 << random.below(8))
      seen[await recovered(flipped)]++
    }
    expect(seen.repaired).toBeGreaterThan(0)
  }, 600_000)

  it('of which nothing is damaged needs no repair', async () => {
    const folder = withLog(log)
    expect(await repairDatabase(warehouseFile(folder), 0)).toEqual({ setAside: null })
  })
})

function places (): number[] {
  if (all) return Array.from({ length: log.length }, (_, i) => i)
  const random = createRandom(seed)
  return Array.from({ length: offsets / 2 }, () => random.below(log.length))
}

function withLog (damaged: Buffer): string {
  const folder = mkdtempSync(join(root, 'damaged-'))
  cpSync(image, folder, { recursive: true })
  writeFileSync(`${warehouseFile(folder)}.wal`, damaged)
  return folder
}

/** Opens with this log, repairs where it must, reads on, and compares with the undisturbed load. */
async function recovered (damaged: Buffer): Promise<'opened' | 'repaired'> {
  const folder = withLog(damaged)
  const path = warehouseFile(folder)
  let how: 'opened' | 'repaired' = 'opened'
  let warehouse: Warehouse
  try {
    warehouse = await openTestWarehouse(folder)
  } catch (error) {
    expect(hasCode(error, 'DATABASE_FAILED'), String(error)).toBe(true)
    const { setAside } = await repairDatabase(path, RECEIVED_MS)
    expect(setAside).not.toBeNull()
    expect(statSync(setAside as string).size).toBe(damaged.length)
    warehouse = await openTestWarehouse(folder)
    how = 'repaired'
  }
  try {
    await expectClean(warehouse)
    const { nextOffset } = await warehouse.beginPosition('spool', '1', 0)
    expect(nextOffset).toBeGreaterThanOrEqual(MESSAGES)
    expect((nextOffset - MESSAGES) % BATCH === 0 || nextOffset === messages.length).toBe(true)
    await loadMessages(warehouse, messages.slice(nextOffset), BATCH)
    await expectClean(warehouse)
    expect(await contentOf(warehouse) === undisturbed).toBe(true)
  } finally {
    await warehouse.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return how
}

async function expectClean (warehouse: Warehouse): Promise<void> {
  const checks = await warehouse.read(async connection => await verify(connection))
  expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
}

async function contentOf (warehouse: Warehouse): Promise<string> {
  return await warehouse.read(async connection => {
    await connection.run("set variable as_of = date '2027-01-01'")
    const tables = []
    for (const table of TABLES) tables.push(await textRows(connection, `from published.${table} order by all`))
    return JSON.stringify(tables)
  })
}
