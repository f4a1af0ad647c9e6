// The write-ahead log torn and flipped at many places: the warehouse opens as of an earlier moment, or refuses and is
// repaired. Either way positions and rows agree, and reading on from them gives what an undisturbed load gives.
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, readRows } from '../../core/database.ts'
import { hasCode } from '../../core/errors.ts'
import { repairDatabase } from '../../sinks/warehouse/repair.ts'
import { verify } from '../../sinks/verify/verify.ts'
import { warehouseFile, type Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { stream } from '../process/messages.ts'
import { loadMessages, openTestWarehouse, textRows, type TestMessage } from '../support/warehouse.ts'
import { createRandom } from './random.ts'
import { note } from './summary.ts'

const all = process.env.BORDERFLOW_TEST_WAL === 'all'
const offsets = Number(process.env.BORDERFLOW_TEST_WAL ?? 64)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
/** In the long form every offset is tried, so the log is kept small. */
const MESSAGES = all ? 12 : 900
const BATCH = all ? 4 : 100
/** Even so there are thousands. */
const LONG_MS = all ? 4 * 3_600_000 : 600_000
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
    for (const offset of places()) seen[await judged(Buffer.from(log.subarray(0, offset)))]++
    expect(seen.opened).toBeGreaterThan(0)
    note({ test: 'log torn', seed, offsets: places().length, ...seen, ...moments() })
  }, LONG_MS)

  it('that has a bit flipped there loses nothing for good', async () => {
    const random = createRandom(seed + 1)
    const seen = { opened: 0, repaired: 0 }
    for (const offset of places()) {
      const flipped = Buffer.from(log)
      flipped[offset] = flipped[offset]! ^ (1 << random.below(8))
      seen[await judged(flipped)]++
    }
    expect(seen.repaired).toBeGreaterThan(0)
    note({ test: 'log with a flipped bit', seed, offsets: places().length, ...seen, ...moments() })
  }, LONG_MS)

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

/** What the file held after one of the logs that were tried in full. */
const known = new Set<string>()

/** What the long form has tried in full so far, for its summary. */
const moments = (): { moments?: number } => all ? { moments: known.size } : {}

/** Tries this log in full. In the long form only if it leaves the file with what no log before has left it with. */
async function judged (damaged: Buffer): Promise<How> {
  if (!all) return await recovered(damaged)
  const content = await contentWith(damaged)
  const how = content === null ? 'repaired' : 'opened'
  const mark = content ?? 'as of the checkpoint'
  if (!known.has(mark)) {
    expect(await recovered(damaged)).toBe(how)
    known.add(mark)
  }
  return how
}

/** Counts and hashes of all tables after an opening with this log; null if it is refused and has changed nothing. */
async function contentWith (damaged: Buffer): Promise<string | null> {
  const folder = withLog(damaged)
  const path = warehouseFile(folder)
  try {
    const database = await openDatabase({ path, memoryLimitMb: 512, threads: 1 })
    try {
      return await database.withConnection(async connection => {
        const tables = await readRows<{ name: string }>(connection, `
          select format('"{}"."{}"', schema_name, table_name) as name from duckdb_tables() where not internal order by all`)
        const marks = tables.map(({ name }) => `select '${name}' as name, count(*) as n, bit_xor(hash(t)) as h from ${name} t`)
        return JSON.stringify(await textRows(connection, `from (${marks.join(' union all ')}) order by all`))
      })
    } finally {
      await database.close()
    }
  } catch (error) {
    expect(hasCode(error, 'DATABASE_FAILED'), String(error)).toBe(true)
    expect(readFileSync(path).equals(readFileSync(warehouseFile(image)))).toBe(true)
    expect(readFileSync(`${path}.wal`).equals(damaged)).toBe(true)
    return null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type How = 'opened' | 'repaired'

/** Opens with this log, repairs where it must, reads on, and compares with the undisturbed load. */
async function recovered (damaged: Buffer): Promise<How> {
  const folder = withLog(damaged)
  const path = warehouseFile(folder)
  let how: How = 'opened'
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
