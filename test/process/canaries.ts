// Messages that carry a value to watch for in every place where personal data can stand, and the search for it.
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { crossing } from './messages.ts'

/** What must not be found, in any spelling: every canary contains one of these. */
export const CANARIES = /canary|1987-?06-?05|1987-06-31|2098-?07-?08|1793-?01-?02/i

const traveller = { nationality: 'AUS', sex: 'F', date_of_birth: '1987-06-05' }
const document = { type: 'passport', issuing_state: 'AUS', number: 'CANARY0001' }

/** One line for every way in which a message can be good or bad, all of them with canaries. `run` makes ids unique. */
export function canaryLines (run: string): Buffer[] {
  let count = 0
  const message = (change: Record<string, unknown> = {}): Record<string, unknown> =>
    crossing(`${run}-${++count}`, { document: { ...document, number: `canary-${run}/${count}` }, traveller, ...change })
  const conflict = { event_id: `${run}-conflict` }
  const messages = [
    message(),
    message({ full_name: 'Canary Unknown', traveller: { ...traveller, surname: 'Canary Nested' } }),
    message({ 'Canary Key': 1, CanaryKeyWord: { Canary_Inner: 'Canary' } }),
    message({ action: 'void', remark: 'Canary Void' }),
    message({ traveller: { ...traveller, sex: 'Canary Sex' } }),
    message({ traveller: { ...traveller, date_of_birth: '1987-06-31' } }),
    message({ traveller: { ...traveller, date_of_birth: '2098-07-08' } }),
    message({ traveller: { ...traveller, date_of_birth: '1793-01-02' } }),
    message({ traveller: { ...traveller, nationality: 'Canary Nationality' } }),
    message({ traveller: 'Canary Traveller' }),
    message({ document: { ...document, number: 'CANARY'.repeat(20) } }),
    message({ document: { ...document, number: ['CANARY0002'] } }),
    message({ document: { ...document, issuing_state: 'CANARY' } }),
    message({ checkpoint: 'Canary Checkpoint' }),
    message({ occurred_at: '2099-01-05T08:00:00+07:00' }),
    message({ occurred_at: '1999-01-05T08:00:00+07:00' }),
    message({ contract: 'gdi.canary.v1' }),
    message({ event_id: 'Canary Identifier With Spaces' }),
    message(conflict),
    message({ ...conflict, document: { ...document, number: 'CANARYCONFLICT' } }),
    message({ note: [[[[[[[[['Canary Deep']]]]]]]]] }),
    message({ note: `Canary Large ${'x'.repeat(70_000)}` }),
    {
      contract: 'fpcs.registration.v1',
      registration_id: `${run}-r`,
      revision: 1,
      action: 'record',
      registered_at: '2026-01-05T12:00:00+07:00',
      channel: 'app',
      reporter: 'owner',
      accommodation: { id: 'a1', type: 'hotel', province: 'KH-12', host: 'Canary Host' },
      document,
      traveller,
      check_in: '2026-01-05'
    },
    {
      contract: 'gdi.extension.v1',
      extension_id: `${run}-x`,
      revision: 1,
      action: 'record',
      granted_at: '2026-01-20T09:00:00+07:00',
      document: { ...document, holder: 'Canary Holder' },
      visa: { class: 'ER', permitted_until: '2026-03-20' }
    }
  ]
  return [
    ...messages.map(line => Buffer.from(JSON.stringify(line))),
    Buffer.from('{"contract": "gdi.crossing.v1", "name": "Canary Broken", "document": {"number": "CANARY0003"'),
    Buffer.from('Canary,Comma,CANARY0004,1987-06-05'),
    Buffer.from('["Canary Array", "CANARY0005"]'),
    Buffer.from('"Canary Text"'),
    Buffer.from('\ufeff{"name": "Canary Mark"}'),
    Buffer.concat([Buffer.from('{"name": "Canary Latin'), Buffer.from([0xe9, 0xff]), Buffer.from('"}')])
  ]
}

/** Files below a folder in which a canary stands, as bytes; paths relative to the folder. */
export async function filesWithCanaries (folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && CANARIES.test(readFileSync(path, 'latin1'))) found.push(path.slice(folder.length + 1))
  }
  return found.sort()
}

/** Tables of a database file that hold a canary: what is compressed in the file is not seen in its bytes. */
export async function tablesWithCanaries (file: string): Promise<{ tables: number, found: string[] }> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  try {
    const names = (await connection.runAndReadAll(
      "select schema_name || '.' || table_name from duckdb_tables() where not internal")).getRows().map(([name]) => String(name))
    const found: string[] = []
    for (const name of names) {
      const rows = (await connection.runAndReadAll(`select * from ${name}`)).getRowsJson()
      if (rows.some(row => CANARIES.test(JSON.stringify(row)))) found.push(name)
    }
    return { tables: names.length, found }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
