// Every check holds on a warehouse that was loaded, fails when what it guards is broken, and shows no id of a record.
import { readdirSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { packageFile } from '../../../core/package-root.ts'
import { verify, type CheckResult } from '../../../sinks/verify/verify.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { crossing, extension, message, registration, tally } from '../../support/histories.ts'
import { loadMessages, openTestWarehouse } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const CANARY = 'CANARY-1'

/** A statement that breaks the warehouse, and what the check then shows of the rows that differ. */
const BREAKS: Readonly<Record<string, { sql: string, shows: Record<string, unknown>, count?: number }[]>> = {
  'accounting-identity': [
    { sql: 'update main.positions set next_offset = next_offset + 3', shows: { source: 'spool', partition: '1', moved: '14', accounted: '11' } },
    { sql: "delete from main.accounting where kind = 'duplicate'", shows: { partition: '1', accounted: '10' } }
  ],
  'accounting-without-position': [
    { sql: "update main.accounting set partition = '9' where kind = 'duplicate'", shows: { source: 'spool', partition: '9', messages: '1' } }
  ],
  'codes-known': [
    { sql: "delete from main.codes where dimension = 'checkpoint' and code = 'KHC-BVT'", shows: { dimension: 'checkpoint' } },
    { sql: 'update main.flow_deltas set nationality = 9999', shows: { dimension: 'state', number: 9999 } }
  ],
  'current-images-unique': [
    { sql: 'insert into main.crossings select * replace (sequence + 100 as sequence) from main.crossings where weight = 1 and record_id = \'CANARY-1\' and revision = 2', shows: { contract: 0, images: '2' } },
    { sql: 'delete from main.extensions where weight = -1', shows: { contract: 2, images: '2' } },
    { sql: 'delete from main.tallies where weight = -1', shows: { contract: 1, images: '2' } },
    { sql: 'insert into main.registrations select * replace (revision + 1 as revision) from main.registrations where weight = 1', shows: { contract: 3, images: '2' } }
  ],
  flows: [
    { sql: 'delete from main.flow_deltas where is_tally', shows: { maintained: '0', is_tally: true } },
    { sql: 'update main.flow_deltas set persons = persons + 1 where not is_tally', shows: { is_tally: false } },
    { sql: "update main.crossings set direction = 'exit' where revision = 2 and weight = 1", shows: { maintained: '1', expected: '0' }, count: 2 }
  ],
  'flows-hourly': [
    { sql: 'update main.hourly_flow_deltas set business_hour = 23 where persons = 1', shows: {} },
    { sql: 'delete from main.hourly_flow_deltas', shows: { maintained: '0' } }
  ],
  'loaded-images': [
    { sql: "delete from main.accounting where kind = 'loaded' and contract = 'gdi.tally.v1'", shows: { contract: 'gdi.tally.v1', images: '2', loaded: '0' } }
  ],
  'quarantine-counted': [
    { sql: "delete from main.quarantine where reason = 'not_json'", shows: { reason: 'not_json', accounted: '1', entries: '0' } },
    { sql: "update main.quarantine set reason = 'empty' where reason = 'not_json'", shows: { partition: '1' }, count: 2 },
    { sql: "update main.quarantine set state = 'replayed'", shows: {}, count: 2 }
  ],
  'retractions-match': [
    { sql: 'insert into main.crossings from main.crossings where weight = -1', shows: { fact_table: 'crossings', weight: '-1' } },
    { sql: 'delete from main.tallies where weight = 1 and revision = 1', shows: { fact_table: 'tallies', weight: '-1' } },
    { sql: 'insert into main.voids from main.voids', shows: { fact_table: 'voids of contract 2', weight: '2' } }
  ]
}

async function loaded (): Promise<Warehouse> {
  const warehouse = await openTestWarehouse(await temporaryFolder())
  onTestFinished(async () => { await warehouse.close() })
  await loadMessages(warehouse, [
    message(crossing({ event_id: CANARY })), message(crossing({ event_id: CANARY, revision: 2, occurred_at: '2024-03-11T10:00:00+07:00' })),
    message(crossing({ event_id: CANARY, revision: 2, occurred_at: '2024-03-11T10:00:00+07:00' })), message(crossing({ event_id: 'b', direction: 'exit' })),
    message(tally({ tally_id: CANARY })), message(tally({ tally_id: CANARY, revision: 2, count: 9 })),
    message(extension({ extension_id: CANARY })), message({ extension_id: CANARY, revision: 2, action: 'void', contract: 'gdi.extension.v1' }),
    message(registration({ registration_id: CANARY })), message('junk'), message(crossing({ event_id: CANARY, revision: 2, direction: 'exit' }))
  ], 1)
  return warehouse
}

const run = async (warehouse: Warehouse): Promise<CheckResult[]> =>
  await warehouse.read(async connection => await verify(connection))

describe('verify', () => {
  it('finds nothing wrong with what was loaded, and says each check', async () => {
    const warehouse = await loaded()
    const names: string[] = []
    const results = await warehouse.read(async connection => await verify(connection, check => { names.push(check) }))
    expect(results.filter(({ differences }) => differences > 0)).toEqual([])
    expect(results.map(({ check }) => check)).toEqual(names)
  })

  it('is tried here with every check that there is', () => {
    const files = readdirSync(packageFile('sinks/verify')).filter(name => name.endsWith('.sql')).map(name => name.replace('.sql', ''))
    expect(files.toSorted()).toEqual(Object.keys(BREAKS).toSorted())
  })

  it.each(Object.entries(BREAKS))('%s fails when that is broken, names the rows and no record', async (name, breaks) => {
    const warehouse = await loaded()
    const connection = await warehouse.connect()
    for (const { sql, shows, count } of breaks) {
      await connection.run('create or replace schema undo')
      const table = /(?:update|from|into) (main\.\w+)/.exec(sql)?.[1] as string
      await connection.run(`create table undo.before as from ${table}`)
      await connection.run(sql)
      const results = await run(warehouse)
      const result = results.find(({ check }) => check === name) as CheckResult
      expect(result.differences, sql).toBeGreaterThan(0)
      if (count !== undefined) expect(result.differences, sql).toBe(count)
      expect(result.rows, sql).toContainEqual(expect.objectContaining(shows))
      expect(JSON.stringify(results)).not.toContain(CANARY)
      await connection.run(`delete from ${table}`)
      await connection.run(`insert into ${table} from undo.before`)
      await connection.run('drop schema undo cascade')
      expect((await run(warehouse)).filter(({ differences }) => differences > 0), 'mended').toEqual([])
    }
  })

  it('shows some rows and counts all', async () => {
    const warehouse = await loaded()
    await warehouse.exclusive(async connection => await connection.run(
      'insert into main.hourly_flow_deltas select business_date + range::integer, business_hour, checkpoint, direction, decision, 5 from main.hourly_flow_deltas, range(1, 60)'))
    const result = (await run(warehouse)).find(({ check }) => check === 'flows-hourly')
    expect(result?.differences).toBeGreaterThan(59)
    expect(result?.rows).toHaveLength(20)
  })
})
