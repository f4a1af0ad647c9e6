import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerOf, folderOfFile, jsonOf, runProgram, startService } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { copyData, example, ingestExample } from './folders.ts'

const folder = folderOfFile()
const small = example('small')
const quarantined = Object.values(small.totals.quarantined).reduce((sum, count) => sum + count, 0)
let data: string

interface Check { check: string, differences: number, rows: unknown[] }
interface Entry { id: string, reason: string, state: string }
interface Listing { counts: { reason: string, state: string, messages: number }[], entries: Entry[] }

beforeAll(async () => {
  data = join(folder(), 'small')
  await ingestExample(data, small)
})

async function ownCopy (): Promise<string> {
  return copyData(data, join(await temporaryFolder(), 'data'))
}

describe('status', () => {
  it('counts what became of the messages and where every partition stands', async () => {
    const status = await jsonOf<Record<string, unknown>>(['status', '--data', data])
    const { loaded, duplicate, superseded, read } = small.totals
    expect(status).toMatchObject({
      running: false,
      messages: { loaded, duplicate, superseded, quarantined },
      quarantineOpen: quarantined,
      gapsOpen: 0,
      positions: [{ source: 'spool', partition: '1', startOffset: 0, nextOffset: read }]
    })
    expect(await answerOf(['status', '--data', data])).toContain(`loaded ${loaded}`)
  })
})

describe('doctor', () => {
  it('finds a loaded folder in order', async () => {
    const findings = await jsonOf<{ name: string, state: string }[]>(['doctor', '--data', data])
    expect(findings.filter(({ state }) => state === 'bad')).toEqual([])
    expect(findings.map(({ name }) => name)).toEqual(expect.arrayContaining(['settings', 'keys', 'disk', 'data folder']))
  })

  it('finds a missing key bad, says what to do, and exits 1', async () => {
    const { code, stdout } = await runProgram(['doctor', '--data', data, '--json'], {
      env: { BORDERFLOW_KEYS_FOLDER: join(folder(), 'no-keys') }
    })
    expect(code).toBe(1)
    const findings = JSON.parse(stdout) as { name: string, state: string, found: string }[]
    expect(findings.find(({ name }) => name === 'keys')).toMatchObject({ state: 'bad', found: expect.stringContaining('Put it back') as string })
  })
})

describe('verify', () => {
  it('finds a loaded folder true, with exit 0', async () => {
    const { ok, checks } = await jsonOf<{ ok: boolean, checks: Check[] }>(['verify', '--data', data])
    expect(ok).toBe(true)
    const names = checks.map(({ check }) => check)
    expect(names).toEqual(expect.arrayContaining(['accounting-identity', 'flows', 'loaded-images']))
  })

  it.each([
    { sql: 'delete from crossings where rowid = (select max(rowid) from crossings)', check: 'flows' },
    { sql: 'update flow_deltas set persons = persons + 1 where rowid = 0', check: 'flows' },
    { sql: 'update accounting set messages = messages - 1 where rowid = 0', check: 'accounting-identity' }
  ])('exits 3 and shows the rows where the file was tampered with: $sql', async ({ sql, check }) => {
    const own = await ownCopy()
    await tamper(join(own, 'warehouse.duckdb'), sql)
    const { code, stdout } = await runProgram(['verify', '--data', own, '--json'])
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean, checks: Check[] }
    expect({ code, ok }).toEqual({ code: 3, ok: false })
    const failed = checks.find(found => found.check === check)
    expect(failed?.differences).toBeGreaterThan(0)
    expect(failed?.rows.length).toBeGreaterThan(0)
  })
})

describe('the quarantine', () => {
  it('lists every reason with its count, and at most as many entries as asked for', async () => {
    const { counts, entries } = await jsonOf<Listing>(['quarantine', 'list', '--limit', '5', '--data', data])
    const byReason = Object.fromEntries(counts.map(({ reason, messages }) => [reason, messages]))
    expect(byReason).toEqual(small.totals.quarantined)
    expect(entries).toHaveLength(5)
    const { code, stderr } = await runProgram(['quarantine', 'list', '--state', 'lost', '--data', data])
    expect(code).toBe(2)
    expect(stderr).toMatch(/expected valid values, found state: /)
  })

  it('shows the shape of a message and none of its values', async () => {
    const { entries } = await jsonOf<Listing>(['quarantine', 'list', '--reason', 'code_unknown', '--data', data])
    const { entry, shape } = await jsonOf<{ entry: Entry, shape: string }>(
      ['quarantine', 'show', entries[0]?.id ?? '', '--data', data])
    expect(entry).toMatchObject({ reason: 'code_unknown', state: 'open' })
    expect(JSON.parse(shape)).toMatchObject({ contract: expect.stringMatching(/^\(text of \d+\)$/) as string })
  })

  it('replays what still is wrong into quarantine again, and the figures stay true', async () => {
    const own = await ownCopy()
    const outcome = await jsonOf<Record<string, number>>(['quarantine', 'replay', '--reason', 'code_unknown', '--data', own])
    expect(outcome).toMatchObject({ replayed: small.totals.quarantined.code_unknown, loaded: 0 })
    expect((await jsonOf<{ ok: boolean }>(['verify', '--data', own])).ok).toBe(true)
  })

  it('throws payloads away on request and keeps the entries counted', async () => {
    const own = await ownCopy()
    const discarded = small.totals.quarantined.schema
    expect(await jsonOf(['quarantine', 'discard', '--reason', 'schema', '--data', own])).toEqual({ discarded })
    const { counts, entries } = await jsonOf<Listing>(['quarantine', 'list', '--reason', 'schema', '--data', own])
    expect(counts).toContainEqual({ reason: 'schema', state: 'discarded', messages: discarded })
    expect(await answerOf(['quarantine', 'show', entries[0]?.id ?? '', '--data', own])).toContain('payload: gone')
    expect((await jsonOf<{ ok: boolean }>(['verify', '--data', own])).ok).toBe(true)
  })

  it('says that an id is none, with exit 1', async () => {
    const { code, stderr } = await runProgram(['quarantine', 'show', 'nothing', '--data', data])
    expect(code).toBe(1)
    expect(stderr).toContain('the id of a quarantined message')
  })
})

describe('gap', () => {
  it('lists none where nothing is lost, and accepts only one that is there', async () => {
    expect(await jsonOf(['gap', 'list', '--data', data])).toEqual([])
    const { code, stderr } = await runProgram(['gap', 'accept', 'nothing', '--data', data])
    expect(code).toBe(1)
    expect(stderr).toContain('the id of an open gap')
  })
})

describe('access', () => {
  it('makes a token that is shown once, lists it without, and revokes it while the service runs', async () => {
    const own = await ownCopy()
    const service = await startService(own, { env: { BORDERFLOW_HTTP_ANSWER_WAIT_MS: '60000' } })
    const { id, token } = await jsonOf<{ id: string, token: string }>(
      ['access', 'create', '--name', 'PNH desk', '--role', 'producer', '--data', own])
    const post = async (): Promise<number> => (await fetch(`${service.address}/v1/events`, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' }, body: '{}\n'
    })).status
    expect(await post()).toBe(200)
    const listed = await answerOf(['access', 'list', '--json', '--data', own])
    expect(JSON.parse(listed)).toMatchObject([{ id, name: 'PNH desk', role: 'producer', revokedAtMs: null }])
    expect(listed).not.toContain(token)
    expect(await jsonOf(['access', 'revoke', id, '--data', own])).toEqual({ revoked: id, name: 'PNH desk' })
    expect(await post()).toBe(401)
  })

  it('takes no other role and no days below one', async () => {
    for (const flags of [['--role', 'king'], ['--role', 'producer', '--days', '0']]) {
      expect((await runProgram(['access', 'create', '--name', 'x', ...flags, '--data', data])).code).toBe(2)
    }
  })
})

async function tamper (file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  try {
    const { rowsChanged } = await connection.run(sql)
    expect(rowsChanged).toBe(1)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
