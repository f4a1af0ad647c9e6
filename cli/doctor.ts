// What a start needs, looked at without changing anything.
import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { BorderflowError, errorText } from '../core/errors.ts'
import { masterKeyFile, readKeys } from '../core/keys.ts'
import { packageVersion } from '../core/package-root.ts'
import type { Settings } from '../core/settings/index.ts'
import { kafkaDoctor } from '../ingest/kafka/doctor.ts'
import { loadCodeLists } from '../schemas/code-lists/index.ts'
import { warehouseFile } from '../sinks/warehouse/warehouse.ts'
import { commandLog, operateForValue, settingsOf, type CommonOptions } from './options.ts'
import { keysFolder } from './runtime.ts'
import { kafkaConfig } from './sources.ts'

export interface Finding { name: string, state: 'good' | 'warning' | 'bad', found: string, remedy?: string }

/** Below this share of the disk the loader is in danger. */
const FREE_SHARE_MIN = 0.15
/** 2026-01-01: a clock before it is wrong. */
const CLOCK_MIN_MS = 1_767_225_600_000

/** Looks at settings, lists, keys, disk, clock, the data folder, Kafka and versions. Never throws for what it finds. */
export async function examine (options: CommonOptions): Promise<Finding[]> {
  const findings: Finding[] = []
  const look = async (name: string, work: () => Finding | Promise<Finding>): Promise<void> => {
    try {
      findings.push(await work())
    } catch (error) {
      findings.push({ name, state: 'bad', found: errorText(error) })
    }
  }
  let settings: Settings | undefined
  await look('settings', () => {
    settings = settingsOf(options)
    return { name: 'settings', state: 'good', found: 'valid' }
  })
  if (settings === undefined) return findings
  const inForce = settings
  await look('versions', versions)
  await look('code lists', () => {
    const lists = loadCodeLists(inForce.lists.folder)
    return { name: 'code lists', state: 'good', found: `${lists.checkpoints.length} checkpoints, digest ${lists.digest.slice(0, 12)}` }
  })
  await look('keys', () => keys(inForce))
  await look('disk', () => disk(inForce))
  await look('clock', clock)
  await look('data folder', async () => await dataFolder(options, inForce))
  await look('kafka', async () => {
    const config = kafkaConfig(inForce)
    if (config === null) return { name: 'kafka', state: 'good', found: 'off' }
    for (const check of await kafkaDoctor(config, commandLog(inForce))) {
      findings.push({
        name: `kafka: ${check.name}`, state: check.ok ? 'good' : 'warning', found: check.found, remedy: check.remedy
      })
    }
    return { name: 'kafka', state: 'good', found: config.brokers.join(', ') }
  })
  return findings
}

function versions (): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > 20 || (major === 20 && minor >= 20)
  return {
    name: 'versions',
    state: good ? 'good' : 'bad',
    found: `borderflow ${packageVersion}, Node ${process.versions.node}`,
    ...(good ? {} : { remedy: 'Install Node 20.20.2 or newer.' })
  }
}

function keys (settings: Settings): Finding {
  const path = masterKeyFile(keysFolder(settings))
  if (!existsSync(path) && !existsSync(warehouseFile(settings.data.folder))) {
    return { name: 'keys', state: 'good', found: 'none yet; made together with the warehouse' }
  }
  readKeys(keysFolder(settings))
  const open = (statSync(path).mode & 0o077) !== 0
  return {
    name: 'keys',
    state: open ? 'warning' : 'good',
    found: open ? `${path} can be read by others` : path,
    ...(open ? { remedy: `chmod 400 ${path}` } : {})
  }
}

function disk (settings: Settings): Finding {
  let folder = resolve(settings.data.folder)
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, blocks, bsize } = statfsSync(folder)
  const low = bavail / blocks < FREE_SHARE_MIN
  return {
    name: 'disk',
    state: low ? 'warning' : 'good',
    found: `${Math.round(bavail * bsize / 2 ** 30)} GiB free of ${Math.round(blocks * bsize / 2 ** 30)} GiB`,
    ...(low ? { remedy: 'Make room: loading stops when the disk is full (nothing acknowledged is lost).' } : {})
  }
}

function clock (): Finding {
  const nowMs = systemClock.now()
  const wrong = nowMs < CLOCK_MIN_MS
  return {
    name: 'clock',
    state: wrong ? 'bad' : 'good',
    found: new Date(nowMs).toISOString(),
    ...(wrong ? { remedy: 'Set the clock, by NTP: events are judged by the time they are received.' } : {})
  }
}

async function dataFolder (options: CommonOptions, settings: Settings): Promise<Finding> {
  const name = 'data folder'
  const found = resolve(settings.data.folder)
  if (!existsSync(warehouseFile(settings.data.folder))) return { name, state: 'good', found: `${found}: no warehouse yet` }
  try {
    const status = await operateForValue<{ running: boolean, warehouse: string }>(options, 'status', {})
    return { name, state: 'good', found: `${found}: warehouse ${status.warehouse}${status.running ? ', running' : ''}` }
  } catch (error) {
    const busy = error instanceof BorderflowError && error.code === 'DATA_FOLDER_BUSY'
    return {
      name,
      state: 'bad',
      found: errorText(error),
      ...(busy ? { remedy: 'Find who holds it: `fuser` on the file named above.' } : {})
    }
  }
}
