// A folder for one test, removed afterwards.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty folder that is removed when the current test has ended. */
export async function temporaryFolder (): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'borderflow-test-'))
  onTestFinished(async () => { await rm(folder, { recursive: true, force: true }) })
  return folder
}
