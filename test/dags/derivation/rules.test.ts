// Rules that need the warehouse: events in, rows out, by hand.
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDay } from '../../../core/civil-date.ts'
import { AS_OF_SCHEMA, deriveAsOf } from '../../../dags/derivation/as-of.ts'
import type { DeriveContext } from '../../../dags/derivation/compute.ts'
import { rebuildDerived } from '../../../dags/derivation/rebuild.ts'
import { refreshDerived } from '../../../dags/derivation/refresh.ts'
import { verifyDerived } from '../../../dags/derivation/verify.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { codeLists, loadMessages, openTestWarehouse, textRows } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { crossing, message } from './messages.ts'

let warehouse: Warehouse
let connection: DuckDBConnection

beforeEach(async () => {
  warehouse = await openTestWarehouse(await temporaryFolder())
  connection = await warehouse.connect()
})
afterEach(async () => { await warehouse.close() })

const contextAt = (asOf: string, lists = codeLists): DeriveContext =>
  ({ lists, codeNumbers: warehouse.codeNumbers, asOf: parseDay(asOf)!, nowMs: 0 })
const refresh = async (asOf: string) => await refreshDerived(connection, contextAt(asOf), { rebuildShareMax: 1 })

/** Rows of a table as texts of their values. */
const rows = async (sql: string): Promise<string[]> =>
  (await textRows(connection, `${sql} order by all`)).map(row => Object.values(row).join(' '))

describe('the fine', () => {
  it('is 5 dollars a day before August 2016 and 10 since', async () => {
    await loadMessages(warehouse, [
      crossing('a', '2016-07-01T08:00:00', 'arrival', 'P1', { visa: { class: 'T', permitted_until: '2016-07-29' } }),
      crossing('b', '2016-08-02T08:00:00', 'exit', 'P1')
    ])
    await refresh('2017-01-01')
    // 30 and 31 July, 1 and 2 August.
    expect(await rows('select kind, length_band, stays, days, fine_usd from published.overstays'))
      .toEqual(['out_of_country 1-7 1 4 30'])
  })

  it('follows a changed list at the next refresh, which is then a rebuild', async () => {
    await loadMessages(warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1', { visa: { class: 'T', permitted_until: '2024-01-30' } })
    ])
    await refresh('2024-02-01')
    expect(await rows('select kind, days, fine_usd from published.overstays')).toEqual(['in_country 2 20'])
    const dearer = { ...codeLists, fineUsdPerDay: () => 25, digest: 'another' }
    const { rebuilt, state } = await refreshDerived(connection, contextAt('2024-02-01', dearer), { rebuildShareMax: 1 })
    expect([rebuilt, state.listsDigest]).toEqual([true, 'another'])
    expect(await rows('select kind, days, fine_usd from published.overstays')).toEqual(['in_country 2 50'])
  })
})

describe('one traveller', () => {
  it('is one whatever the formatting of the passport number and of its state', async () => {
    await loadMessages(warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'ab 12-3'),
      crossing('b', '2024-01-05T08:00:00', 'exit', 'AB123', {
        document: { type: 'passport', issuing_state: 'D', number: 'AB123' }
      })
    ])
    await refresh('2024-02-01')
    expect(await rows('select state, stays, nights from published.stays_summary')).toEqual(['closed 1 4'])
  })

  it('loses a crossing that a correction gives to another, and the other gains it', async () => {
    await loadMessages(warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1'), crossing('b', '2024-01-05T08:00:00', 'exit', 'P1'),
      crossing('c', '2024-01-02T08:00:00', 'arrival', 'P2')
    ])
    await refresh('2024-02-01')
    await loadMessages(warehouse, [crossing('b', '2024-01-05T08:00:00', 'exit', 'P2', { revision: 2 })], 10, '2')
    const { travellers, rebuilt } = await refresh('2024-02-01')
    expect([travellers, rebuilt]).toEqual([2, false])
    expect(await rows('select began_on, state from main.stays')).toEqual(['2024-01-01 open', '2024-01-02 closed'])
  })

  it('loses a beginning that is voided, and vanishes with the last crossing', async () => {
    await loadMessages(warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1'), crossing('b', '2024-01-05T08:00:00', 'exit', 'P1')
    ])
    await refresh('2024-02-01')
    const voided = (id: string) => message({ contract: 'gdi.crossing.v1', event_id: id, revision: 2, action: 'void' })
    await loadMessages(warehouse, [voided('a')], 10, '2')
    await refresh('2024-02-01')
    expect(await rows('select state, began_on, ended_on from main.stays')).toEqual(['no_begin null 2024-01-05'])
    await loadMessages(warehouse, [voided('b')], 10, '3')
    expect((await refresh('2024-02-01')).state.firstFact).toBeNull()
    expect(await rows('select state from main.stays')).toEqual([])
  })
})

describe('the day roll', () => {
  it('recomputes who is due and nobody else', async () => {
    const permitted = (day: string) => ({ visa: { class: 'T', permitted_until: day } })
    await loadMessages(warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1', permitted('2024-01-30')),
      crossing('b', '2024-01-01T08:00:00', 'arrival', 'P2', permitted('2024-01-31')),
      crossing('c', '2025-01-30T08:00:00', 'arrival', 'P3', permitted('2025-02-28'))
    ])
    await refresh('2025-01-29')
    expect(await rows('select state, ended_on from main.stays')).toEqual(['open null', 'open null'])
    const { travellers } = await refresh('2025-01-30')
    expect(travellers).toBe(2)
    expect(await rows('select state, ended_on from main.stays'))
      .toEqual(['open null', 'open null', 'lapsed 2025-01-30'])
    expect(await rows('select business_date, persons from published.stock where business_date >= \'2025-01-29\''))
      .toEqual(['2025-01-29 2', '2025-01-30 2'])
  })

  it('computes nothing where neither a fact nor a day has come', async () => {
    await loadMessages(warehouse, [crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1')])
    await refresh('2024-02-01')
    expect((await refresh('2024-02-01')).travellers).toBe(0)
  })
})

describe('the first fact', () => {
  it('hides the events of 487 days after it, and an earlier one moves it for all', async () => {
    const trip = (id: string, month: string, number: string) => [
      crossing(`${id}1`, `${month}-01T08:00:00`, 'arrival', number), crossing(`${id}2`, `${month}-03T08:00:00`, 'exit', number)
    ]
    await loadMessages(warehouse, [...trip('a', '2020-01', 'P1'), ...trip('b', '2021-06', 'P2')])
    await refresh('2024-01-01')
    const published = 'select month, outcome, sum(crossings) from published.migrants group by all'
    expect(await rows(published)).toEqual([
      '2020-01 undetermined 2', '2021-06 not_a_change 1', '2021-06 not_migrant 1'
    ])
    // The same months are early once nothing before 2021 is known; a void takes the first fact away.
    const voided = ['a1', 'a2'].map(id => message({ contract: 'gdi.crossing.v1', event_id: id, revision: 2, action: 'void' }))
    await loadMessages(warehouse, voided, 10, '2')
    await refresh('2024-01-01')
    expect(await rows(published)).toEqual(['2021-06 undetermined 2'])
  })

  it('is the date of the list of coverage where there is one', async () => {
    await loadMessages(warehouse, [crossing('a', '2020-01-01T08:00:00', 'arrival', 'P1')])
    const covered = { ...codeLists, coverageFrom: parseDay('2019-06-01')!, digest: 'covered' }
    const { state } = await refreshDerived(connection, contextAt('2024-01-01', covered), { rebuildShareMax: 1 })
    expect(state.firstFact).toBe(parseDay('2019-06-01'))
  })
})

describe('another as-of date', () => {
  it('is computed beside the maintained tables, and they stay as they are', async () => {
    await loadMessages(warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1'), crossing('b', '2024-01-05T08:00:00', 'exit', 'P1')
    ])
    await refresh('2024-02-01')
    const asker = await warehouse.connect()
    const place = AS_OF_SCHEMA.join('.')
    for (const [asOf, state] of [['2024-01-04', 'open'], ['2024-01-05', 'closed'], ['2024-01-04', 'open']] as const) {
      await deriveAsOf(asker, contextAt(asOf))
      expect((await textRows(asker, `select state from ${place}.stays_summary`)).map(row => row['state'])).toEqual([state])
      expect(await textRows(asker, `select * from ${place}.registrations`)).toEqual([])
    }
    expect(await rows('select state from published.stays_summary')).toEqual(['closed'])
  })
})

describe('verifying', () => {
  it('finds what somebody has changed by hand', async () => {
    await loadMessages(warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1'), crossing('b', '2024-01-05T08:00:00', 'exit', 'P1'),
      crossing('c', '2024-01-01T08:00:00', 'arrival', 'P2')
    ])
    await refresh('2024-02-01')
    const verify = async () => await verifyDerived(connection, contextAt('2024-02-01'), { rebuildShareMax: 1 })
    expect((await verify()).ok).toBe(true)
    await connection.run("delete from main.stock_spells where until_date = date '2024-01-05'")
    await connection.run("update main.stays set ended_at = null where state = 'closed'")
    const found = await verify()
    expect(found).toMatchObject({
      ok: false, differentRows: { stays: 2, stock_spells: 1 }, broken: { stock: 2, stayEnds: 1 }
    })
    await rebuildDerived(connection, contextAt('2024-02-01'))
    expect((await verify()).ok).toBe(true)
  })

  it('stopped midway, a rebuild leaves the tables as they were', async () => {
    await loadMessages(warehouse, [crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1')])
    await refresh('2024-02-01')
    const stop = new AbortController()
    const stopped = rebuildDerived(connection, { ...contextAt('2024-03-01'), signal: stop.signal })
    stop.abort()
    await expect(stopped).rejects.toThrow(/abort/i)
    expect(await rows('select as_of from main.derivation')).toEqual(['2024-02-01'])
    expect(await rows('select state from main.stays')).toEqual(['open'])
    await rebuildDerived(connection, contextAt('2024-03-01'))
    expect(await rows('select as_of from main.derivation')).toEqual(['2024-03-01'])
  })
})
