// The cases of derivation: a history of so many million crossings is made, rebuilt in rounds and then refreshed in
// rounds.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Measured } from '../measure.ts'

const run = promisify(execFile)

/** Measures each size in a folder of its own under `work`; `label` names what was measured. */
export async function measureDerivation (
  millions: readonly number[], rounds: number, work: string
): Promise<{ label: string, measured: Measured[] }[]> {
  const all: { label: string, measured: Measured[] }[] = []
  for (const size of millions) {
    const folder = mkdtempSync(join(work, 'derive-'))
    await runCase('make', ['--folder', folder, '--crossings', String(size * 1e6)])
    const rebuilds: Measured[] = []
    for (let round = 0; round < rounds; round++) rebuilds.push(await runCase('rebuild', ['--folder', folder]))
    all.push({ label: `rebuild, ${size} million crossings`, measured: rebuilds })
    const refreshes: Measured[] = []
    for (let batch = 0; batch < rounds; batch++) {
      refreshes.push(await runCase('refresh', ['--folder', folder, '--batch', String(batch)]))
    }
    all.push({ label: `refresh, 40,000 events on ${size} million crossings`, measured: refreshes })
    rmSync(folder, { recursive: true, force: true })
  }
  return all
}

async function runCase (name: string, parameters: string[]): Promise<Measured> {
  const script = fileURLToPath(new URL(`../cases/derive-${name}.js`, import.meta.url))
  const { stdout } = await run(process.execPath, [script, ...parameters],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '16' }, maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Measured
}
