// Quarantine on a real warehouse: what is shown of it, and what becomes of it when what kept it out was mended.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { packageFile } from '../../../core/package-root.ts'
import { replayQuarantine } from '../../../dags/quarantine/replay.ts'
import { loadCodeLists } from '../../../schemas/code-lists/index.ts'
import { countEntries, discardEntries, listEntries, openEntry, readEntry } from '../../../sinks/quarantine/entries.ts'
import { maskPayload } from '../../../sinks/quarantine/mask.ts'
import { verify } from '../../../sinks/verify/verify.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { crossing, message, registration, tally, type Fields } from '../../support/histories.ts'
import { loadMessages, openTestWarehouse, textRows, type TestMessage } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const NONE = { replayed: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: 0 }

interface Opened { folder: string, warehouse: Warehouse, connection: DuckDBConnection }

async function openNew (...messages: TestMessage[]): Promise<Opened> {
  const folder = await temporaryFolder()
  const opened = await open(folder)
  await loadMessages(opened.warehouse, messages)
  return opened
}

async function open (folder: string, lists = loadCodeLists()): Promise<Opened> {
  const warehouse = await openTestWarehouse(folder, lists)
  onTestFinished(async () => { await warehouse.close() })
  return { folder, warehouse, connection: await warehouse.connect() }
}

/** The same folder with a list of ours in which lines were added. */
async function mended ({ folder, warehouse }: Opened, list: string, ...lines: string[]): Promise<Opened> {
  await warehouse.close()
  const overlay = join(folder, 'overlay')
  mkdirSync(overlay, { recursive: true })
  cpSync(packageFile(`schemas/lists/${list}.csv`), join(overlay, `${list}.csv`))
  const before = readFileSync(join(overlay, `${list}.csv`), 'utf8').trimEnd()
  writeFileSync(join(overlay, `${list}.csv`), `${[before, ...lines].join('\n')}\n`)
  return await open(folder, loadCodeLists(overlay))
}

async function expectClean ({ connection }: Opened): Promise<void> {
  expect((await verify(connection)).filter(({ differences }) => differences > 0)).toEqual([])
}

const replay = async ({ warehouse, connection }: Opened, filter: { id?: string, reason?: string } = {}) =>
  await replayQuarantine(warehouse, connection, filter)

const accounting = async ({ connection }: Opened): Promise<string[]> => (await textRows(connection,
  'select kind, reason, contract, sum(messages)::bigint as messages from main.accounting group by all having sum(messages) <> 0 order by all'))
  .map(row => `${row['contract']} ${row['kind']} ${row['reason']}: ${row['messages']}`)

const flows = async ({ connection }: Opened): Promise<string[]> =>
  (await textRows(connection, 'select checkpoint, persons from published.flows order by all')).map(row => `${row['checkpoint']} ${row['persons']}`)

const unknownGate = (fields: Fields = {}): Fields => crossing({ event_id: 'g1', checkpoint: 'Old Market Pier', ...fields })

/** The first line of a list and the columns of a row in that order. */
function row (list: string, values: Record<string, string>): string {
  const header = (readFileSync(packageFile(`schemas/lists/${list}.csv`), 'utf8').split('\n')[0] as string).split(',')
  return header.map(column => values[column] ?? '').join(',')
}
const alias = row('checkpoint_aliases', { alias: 'Old Market Pier', code: 'KHC-BVT', source: 'assumption', status: 'assumption' })

describe('the quarantine', () => {
  const canaries = ['CANARY1', '1987-06-05', 'CANARY3', 'CANARY4']
  const personal = crossing({
    event_id: 'CANARY4',
    checkpoint: 'CANARY3',
    document: { type: 'passport', issuing_state: 'DEU', number: 'CANARY1' },
    traveller: { nationality: 'DEU', sex: 'F', date_of_birth: '1987-06-05' }
  })

  it('lists and shows its messages without any value of them', async () => {
    const { connection, warehouse } = await openNew(
      message(personal), message({ ...personal, direction: 'CANARY1' }), message('CANARY1 {'), message({ ...personal, contract: 'CANARY1' }))
    const entries = await listEntries(connection, {})
    expect(entries.map(({ reason, paths, offset }) => [offset, reason, paths])).toEqual([
      [0, 'checkpoint_unknown', []], [1, 'schema', ['direction']], [2, 'not_json', []], [3, 'unknown_contract', []]
    ])
    const shown = await Promise.all(entries.map(async entry =>
      maskPayload(await openEntry(connection, warehouse.open, entry))))
    const all = JSON.stringify({ entries, shown, counts: await countEntries(connection) })
    for (const canary of canaries) expect(all).not.toContain(canary)
    expect(shown[0]).toContain('"number": "(text of 7)"')
    const revealed = Buffer.from(await openEntry(connection, warehouse.open, entries[0]!)).toString('utf8')
    expect(JSON.parse(revealed)).toEqual(personal)
  })

  it('rests sealed: no byte of a message is in the file', async () => {
    const { warehouse } = await openNew(message(personal), message('CANARY1 {'))
    await warehouse.close()
    const file = readFileSync(warehouse.path)
    for (const canary of canaries) expect(file.includes(canary), canary).toBe(false)
  })

  it('refuses a payload that was moved to another entry', async () => {
    const { connection, warehouse } = await openNew(message('one'), message('two'))
    await warehouse.exclusive(async writer => await writer.run('update main.quarantine set sealed_payload = ' +
      '(select sealed_payload from main.quarantine where message_offset = 0) where message_offset = 1'))
    const [first, second] = await listEntries(connection, {})
    expect(Buffer.from(await openEntry(connection, warehouse.open, first!)).toString()).toBe('one')
    await expect(openEntry(connection, warehouse.open, second!)).rejects.toMatchObject({ code: 'QUARANTINE_PAYLOAD' })
  })

  it('finds entries by id, reason and state', async () => {
    const { connection } = await openNew(message('one'), message(unknownGate()), message('two'))
    expect(await listEntries(connection, { reason: 'not_json' })).toHaveLength(2)
    expect(await listEntries(connection, { limit: 1 })).toHaveLength(1)
    expect(await listEntries(connection, { state: 'replayed' })).toEqual([])
    const [entry] = await listEntries(connection, { reason: 'checkpoint_unknown' })
    expect(await readEntry(connection, entry?.id as string)).toEqual(entry)
    await expect(readEntry(connection, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await countEntries(connection)).toEqual([
      { reason: 'checkpoint_unknown', state: 'open', messages: 1 }, { reason: 'not_json', state: 'open', messages: 2 }
    ])
  })
})

describe('a replay', () => {
  it('loads what a mended list now knows; its position stays and its outcome is replaced', async () => {
    const before = await openNew(message(crossing()), message(unknownGate()), message('junk'), message(unknownGate({ event_id: 'g2', note: 1 })))
    expect(await flows(before)).toEqual(['KHC-BVT 1'])
    expect(await replay(before)).toEqual({ ...NONE, replayed: 3, quarantined: 3 })
    await expectClean(before)
    const after = await mended(before, 'checkpoint_aliases', alias)
    const positions = after.warehouse.positions('spool')
    expect(after.warehouse.listsChangedFrom).not.toBeNull()
    expect(await replay(after, { reason: 'checkpoint_unknown' })).toEqual({ ...NONE, replayed: 2, loaded: 2 })
    expect(await flows(after)).toEqual(['KHC-BVT 3'])
    expect(await accounting(after)).toEqual([
      'gdi.crossing.v1 loaded none: 3', 'unknown quarantined not_json: 1', 'gdi.crossing.v1 schema_drift none: 1'
    ])
    expect(after.warehouse.positions('spool')).toEqual(positions)
    await expectClean(after)
    expect(await replay(after, { reason: 'checkpoint_unknown' })).toEqual(NONE)
    expect(await listEntries(after.connection, { state: 'replayed' })).toHaveLength(2)
  })

  it('judges a replayed message as if it came now: superseded, duplicate, in conflict', async () => {
    const before = await openNew(
      message(unknownGate({ event_id: 'a' })), message(unknownGate({ event_id: 'b' })), message(unknownGate({ event_id: 'c' })),
      message(crossing({ event_id: 'a', revision: 2 })), message(crossing({ event_id: 'b' })), message(crossing({ event_id: 'c', direction: 'exit' })))
    const after = await mended(before, 'checkpoint_aliases', alias)
    expect(await replay(after)).toEqual({ replayed: 3, loaded: 0, superseded: 1, duplicate: 1, quarantined: 1 })
    expect(await listEntries(after.connection, { state: 'open' })).toMatchObject([{ reason: 'revision_conflict', offset: 2 }])
    await expectClean(after)
  })

  it('leaves a conflict of revisions where it is, however often', async () => {
    const opened = await openNew(message(crossing()), message(crossing({ direction: 'exit' })))
    const [entry] = await listEntries(opened.connection, {})
    for (let i = 0; i < 2; i++) {
      expect(await replay(opened)).toEqual({ ...NONE, replayed: 1, quarantined: 1 })
      expect(await listEntries(opened.connection, {})).toEqual([entry])
      await expectClean(opened)
    }
    expect(await flows(opened)).toEqual(['KHC-BVT 1'])
  })

  it('corrects what was loaded, and is corrected by what comes later', async () => {
    const before = await openNew(message(crossing({ event_id: 'a' })), message(unknownGate({ event_id: 'a', revision: 3, checkpoint: 'Old Market Pier' })))
    const after = await mended(before, 'checkpoint_aliases', alias.replace('KHC-BVT', 'KHC-POI'))
    expect(await replay(after)).toEqual({ ...NONE, replayed: 1, loaded: 1 })
    expect(await flows(after)).toEqual(['KHC-POI 1'])
    await loadMessages(after.warehouse, [message(crossing({ event_id: 'a', revision: 2 })), message({ ...crossing({ event_id: 'a', revision: 4 }), action: 'void' })])
    expect(await flows(after)).toEqual([])
    await expectClean(after)
    await after.warehouse.close()
    await expectClean(await open(after.folder))
  })

  it('counts drift once: where it was counted before, and where it is counted only now', async () => {
    // Counted before: it had passed the schema. Never counted: it fails the schema again.
    const opened = await openNew(...[unknownGate({ note: 1 }), tally({ note: 1, count: -1 }), registration({ note: 1 })]
      .map(fields => message(fields)))
    const drift = (lines: string[]): string[] => lines.filter(line => line.includes('drift'))
    const expected = ['fpcs.registration.v1 schema_drift none: 1', 'gdi.crossing.v1 schema_drift none: 1']
    expect(drift(await accounting(opened))).toEqual(expected)
    await replay(opened)
    expect(drift(await accounting(opened))).toEqual(expected)
    const after = await mended(opened, 'checkpoint_aliases', alias)
    await replay(after)
    expect(drift(await accounting(after))).toEqual(expected)
    await expectClean(after)
  })

  it('does not take the beginning of a message that was too large for the message', async () => {
    const opened = await openNew(message(JSON.stringify(crossing()).padEnd(65_537, ' ')))
    expect(await replay(opened)).toEqual({ ...NONE, replayed: 1, quarantined: 1 })
    expect(await listEntries(opened.connection, {})).toMatchObject([{ reason: 'too_large', state: 'open', payloadBytes: 65_537 }])
    expect(await flows(opened)).toEqual([])
    await expectClean(opened)
  })

  it('of the same messages twice at once counts none of them twice', async () => {
    const before = await openNew(message(unknownGate()), message(unknownGate({ event_id: 'g2' })))
    const after = await mended(before, 'checkpoint_aliases', alias)
    const second = await after.warehouse.connect()
    const ends = await Promise.allSettled([
      replay(after), replayQuarantine(after.warehouse, second, {})
    ])
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'REFUSED' })
    const loaded = ends.map(end => end.status === 'fulfilled' ? end.value.loaded : 0)
    expect(loaded.reduce((sum, count) => sum + count, 0)).toBe(2)
    expect(await flows(after)).toEqual(['KHC-BVT 2'])
    await expectClean(after)
    expect(await loadMessages(after.warehouse, [message(crossing({ event_id: 'later' }))])).toMatchObject({ loaded: 1 })
  })
})

describe('a discarded message', () => {
  it('has no payload any more, stays counted and is not replayed', async () => {
    const opened = await openNew(message('one'), message(unknownGate()), message('two'))
    const discard = async (filter: object): Promise<number> =>
      await opened.warehouse.exclusive(async connection => await discardEntries(connection, filter, Date.parse('2024-04-01T05:00:00Z')))
    expect(await discard({ reason: 'not_json' })).toBe(2)
    expect(await discard({ reason: 'not_json' })).toBe(0)
    expect(await textRows(opened.connection, "select count(*) as n from main.quarantine where state = 'discarded' and sealed_payload is null and epoch_ms(state_changed_at) = 1711947600000"))
      .toEqual([{ n: '2' }])
    const [gone] = await listEntries(opened.connection, { state: 'discarded' })
    await expect(openEntry(opened.connection, opened.warehouse.open, gone!)).rejects.toMatchObject({ code: 'QUARANTINE_PAYLOAD' })
    expect(await replay(opened, { reason: 'not_json' })).toEqual(NONE)
    await expectClean(opened)
    const [entry] = await listEntries(opened.connection, { state: 'open' })
    expect(await discard({ id: entry?.id as string })).toBe(1)
    await expectClean(opened)
  })
})
