// A backup: one snapshot of the warehouse while loading goes on, with a manifest that says what it is. Keys and raw
// input are never in it.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import { packageVersion } from '../../core/package-root.ts'
import { warehouseFile, type Warehouse } from './warehouse.ts'

const MANIFEST = 'manifest.json'

export interface BackupManifest {
  warehouse: string
  version: string
  createdAt: string
  sha256: string
}

/** Writes a backup into a new folder, which appears only when it is complete. Throws BACKUP_INVALID if it exists. */
export async function backup (warehouse: Warehouse, folder: string, nowMs: number): Promise<BackupManifest> {
  if (existsSync(folder)) {
    throw new BorderflowError('BACKUP_INVALID', {
      expected: 'a folder that does not exist yet', found: 'one that does', where: folder, remedy: 'Choose another name.'
    })
  }
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  const file = join(partial, basename(warehouseFile('')))
  await warehouse.read(async connection => { await copySnapshot(connection, file) })
  failpoint('backup-copied')
  const manifest: BackupManifest = {
    warehouse: warehouse.id,
    version: packageVersion,
    createdAt: new Date(nowMs).toISOString(),
    sha256: await sha256(file)
  }
  await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  failpoint('backup-complete')
  await rename(partial, folder)
  return manifest
}

/** One statement copies everything as of one moment, while loading and deriving go on. */
async function copySnapshot (connection: DuckDBConnection, file: string): Promise<void> {
  const [{ name } = { name: '' }] = await readRows<{ name: string }>(connection, 'select current_database() as name')
  await connection.run(`attach '${file.replaceAll("'", "''")}' as backup_copy`)
  try {
    await connection.run(`copy from database "${name.replaceAll('"', '""')}" to backup_copy`)
    await connection.run('checkpoint backup_copy')
  } finally {
    await connection.run('detach backup_copy')
  }
}

/**
 * Puts a backup in the place of the warehouse of a data folder; the old file is kept beside it. Nothing may be running
 * on the folder: the caller makes sure. Throws BACKUP_INVALID for what is no complete backup.
 */
export async function restore (dataFolder: string, backupFolder: string, nowMs: number): Promise<BackupManifest> {
  const file = join(backupFolder, basename(warehouseFile('')))
  const manifest = await readManifest(backupFolder)
  if (!existsSync(file) || await sha256(file) !== manifest.sha256) {
    throw new BorderflowError('BACKUP_INVALID', {
      expected: 'the file that the manifest describes', found: 'another or none', where: backupFolder,
      remedy: 'Use another backup.'
    })
  }
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const target = warehouseFile(dataFolder)
  const copy = `${target}.restoring`
  await copyFile(file, copy)
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '')
  for (const suffix of ['', '.wal']) {
    if (existsSync(target + suffix)) await rename(target + suffix, `${target}.replaced-${stamp}${suffix}`)
  }
  await rename(copy, target)
  return manifest
}

async function readManifest (folder: string): Promise<BackupManifest> {
  try {
    return JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as BackupManifest
  } catch (error) {
    throw new BorderflowError('BACKUP_INVALID', {
      expected: `a backup with a ${MANIFEST}`, found: 'none that can be read', where: folder, cause: error
    })
  }
}

async function sha256 (file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
