// Folders that tests of the program begin with: the worked examples, and a loaded data folder that can be copied.
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runRemotely } from '../../cli/remote.ts'
import { packageFile } from '../../core/package-root.ts'
import { answerOf, jsonOf } from '../support/program.ts'

export interface Totals {
  read: number
  loaded: number
  duplicate: number
  superseded: number
  quarantined: Record<string, number>
}

export interface Example {
  folder: string
  events: string
  asOf: string
  receivedAt: string
  totals: Totals
  /** Tables with an expected CSV. */
  tables: string[]
  expected (table: string): string
}

/** One of the worked examples. */
export function example (name: 'small' | 'large'): Example {
  const folder = packageFile(`test/fixtures/examples/${name}`)
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
  const meta = JSON.parse(read('meta.json')) as { as_of: string, received_at: string }
  const counts = JSON.parse(read('expected/accounting.json')) as
    Record<'messages' | 'loaded' | 'duplicate' | 'superseded', number> & { quarantined_by_reason: Record<string, number> }
  return {
    folder,
    events: join(folder, 'events'),
    asOf: meta.as_of,
    receivedAt: meta.received_at,
    totals: {
      read: counts.messages,
      loaded: counts.loaded,
      duplicate: counts.duplicate,
      superseded: counts.superseded,
      quarantined: counts.quarantined_by_reason
    },
    tables: readdirSync(join(folder, 'expected')).filter(file => file.endsWith('.csv')).map(file => file.slice(0, -4)),
    expected: table => read(`expected/${table}.csv`)
  }
}

/** Loads an example into a data folder with `ingest`. */
export async function ingestExample (dataFolder: string, { events, receivedAt }: Example): Promise<Totals> {
  return await jsonOf<Totals>(['ingest', events, '--received-at', receivedAt, '--data', dataFolder])
}

/** A copy of a data folder that nothing runs on, with its keys. */
export function copyData (from: string, to: string): string {
  for (const suffix of ['', '-keys']) {
    if (existsSync(from + suffix)) cpSync(from + suffix, to + suffix, { recursive: true })
  }
  return to
}

/** A table as CSV, by a command of its own. */
export async function csvOf (dataFolder: string, table: string, ...flags: string[]): Promise<string> {
  return await answerOf(['query', table, ...flags, '--format', 'csv', '--data', dataFolder])
}

/** A table as CSV, asked of the process that runs on the folder as the command asks it. */
export async function csvOfRunning (dataFolder: string, table: string, asOf?: string): Promise<string> {
  const result = await runRemotely(dataFolder, 'query', { format: 'csv', query: { table, ...asOf === undefined ? {} : { asOf } } })
  if (result === null || !('stream' in result)) throw new Error(`nothing runs on ${dataFolder}`)
  const parts: Uint8Array[] = []
  for await (const part of result.stream) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString()
}

/** The value of an operation, asked of the process that runs on the folder. */
export async function valueOfRunning<T> (dataFolder: string, name: string, parameters: object = {}): Promise<T> {
  const result = await runRemotely(dataFolder, name, parameters)
  if (result === null || !('value' in result)) throw new Error(`nothing runs on ${dataFolder}`)
  return result.value as T
}

/** Makes a file other than it was, by one byte at its end. */
export function damage (path: string): void {
  appendFileSync(path, 'x')
}
