// A sender repeats a day, corrects all of it, takes it back and sends it once more: thousands of images at once are
// looked up, replaced and voided. (The few of ordinary streams are in the histories of the reference model.)
import { expect, it, onTestFinished } from 'vitest'
import { verify } from '../../../../sinks/verify/verify.ts'
import { crossing, message } from '../../../support/histories.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { loadMessages, openTestWarehouse, textRows, type TestMessage } from '../../../support/warehouse.ts'

/** Many texts of those in which images are read, and, where they are sent twice in one group, more than one block. */
const RECORDS = 4_500
const NONE = { applied: true, duplicate: 0, superseded: 0, loaded: 0, quarantined: {} }

const all = (change: object): TestMessage[] => Array.from({ length: RECORDS }, (_, i) =>
  message(crossing({ event_id: `KHC-BVT:${i}`, ...change })))
const voids = (revision: number): TestMessage[] => Array.from({ length: RECORDS }, (_, i) =>
  message({ contract: 'gdi.crossing.v1', event_id: `KHC-BVT:${i}`, revision, action: 'void' }))

it('is the same as if only what is in force had been sent', async () => {
  const warehouse = await openTestWarehouse(await temporaryFolder())
  onTestFinished(async () => { await warehouse.close() })
  const load = async (messages: TestMessage[]) => await loadMessages(warehouse, messages, messages.length)
  const flows = async () => await warehouse.read(async connection => await textRows(connection,
    'select direction, sum(persons)::bigint as persons from main.flow_deltas group by all having sum(persons) <> 0'))

  expect(await load(all({}))).toEqual({ ...NONE, read: RECORDS, loaded: RECORDS })
  expect(await load(all({}))).toEqual({ ...NONE, read: RECORDS, duplicate: RECORDS })
  expect(await load(all({ checkpoint: 'KHC-POI' }))).toEqual({ ...NONE, read: RECORDS, quarantined: { revision_conflict: RECORDS } })
  const corrected = all({ direction: 'exit', revision: 2 })
  expect(await load(corrected)).toEqual({ ...NONE, read: RECORDS, loaded: RECORDS })
  expect(await flows()).toEqual([{ direction: 'exit', persons: String(RECORDS) }])
  expect(await load(all({}))).toEqual({ ...NONE, read: RECORDS, superseded: RECORDS })
  expect(await load(voids(3))).toEqual({ ...NONE, read: RECORDS, loaded: RECORDS })
  expect(await load(voids(3))).toEqual({ ...NONE, read: RECORDS, duplicate: RECORDS })
  expect(await flows()).toEqual([])
  // Twice in one group: the second finds what the first has just put in force.
  const last = all({ revision: 4 })
  expect(await load([...last, ...last])).toEqual({ ...NONE, read: 2 * RECORDS, loaded: RECORDS, duplicate: RECORDS })
  expect(await flows()).toEqual([{ direction: 'arrival', persons: String(RECORDS) }])
  const checks = await warehouse.read(async connection => await verify(connection))
  expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
})
