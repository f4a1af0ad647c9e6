// Files by number. A file gets its number at first sight and keeps it; what it was then is stored with it.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'
import { appendRows, bigint, instant, integer, text } from '../../core/row-appender.ts'

export interface FileRow {
  number: number
  name: string
  sizeBytes: number
  headSha256: string
  receivedAtMs: number
  state: 'open' | 'finished' | 'failed'
}

interface StoredFile {
  number: number, name: string, size_bytes: bigint, head_sha256: string, received_ms: bigint, state: FileRow['state']
}

const COLUMNS = 'number, name, size_bytes, head_sha256, epoch_ms(received_at) as received_ms, state'

/** All files, by number. */
export async function readFiles (connection: DuckDBConnection): Promise<FileRow[]> {
  const rows = await readRows<StoredFile>(connection, `select ${COLUMNS} from main.files order by number`)
  return rows.map(fileOf)
}

/** The files of a name, by number. */
export async function readFilesNamed (connection: DuckDBConnection, name: string): Promise<FileRow[]> {
  const rows = await readRows<StoredFile>(connection,
    `select ${COLUMNS} from main.files where name = $name order by number`, { name })
  return rows.map(fileOf)
}

/** The number of the next file; 1 for the first. */
export async function nextFileNumber (connection: DuckDBConnection): Promise<number> {
  const [row] = await readRows<{ next: number }>(connection,
    'select coalesce(max(number), 0)::integer + 1 as next from main.files')
  return row?.next ?? 1
}

function fileOf (row: StoredFile): FileRow {
  return {
    number: row.number,
    name: row.name,
    sizeBytes: Number(row.size_bytes),
    headSha256: row.head_sha256,
    receivedAtMs: Number(row.received_ms),
    state: row.state
  }
}

/** Adds a file under a number that the caller has made sure is free. */
export async function addFile (
  connection: DuckDBConnection, file: FileRow, reason: string | null = null
): Promise<void> {
  await appendRows(connection, 'files', [[
    integer(file.number), text(file.name), bigint(file.sizeBytes), text(file.headSha256), instant(file.receivedAtMs),
    text(file.state), text(reason)
  ]])
}

/**
 * Changes the state of a file, in a transaction of its own. Taken out and put back instead of updated: after an update
 * no checkpoint is possible while an older reader reads.
 */
export async function setFileState (
  connection: DuckDBConnection, number: number, state: FileRow['state'], reason: string | null
): Promise<void> {
  await transaction(connection, async () => {
    const [row] = await readRows<StoredFile>(connection,
      `delete from main.files where number = $number returning ${COLUMNS}`, { number })
    if (row !== undefined) await addFile(connection, { ...fileOf(row), state }, reason)
  })
}
