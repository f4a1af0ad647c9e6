// Runs once around all tests: builds the program before tests that run it, and ends the shared broker afterwards.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { stopSharedBroker } from './broker.ts'
import { runTool } from './broker/jars.ts'
import { withLock } from './broker/lock.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['core', 'schemas', 'tables', 'ingest', 'transforms', 'sinks', 'dags', 'serve', 'cli']
const BUILD_MS = 240_000
const KERNEL = 'transforms/normalise/kernel'
const KERNEL_CONFIG = join(ROOT, KERNEL, 'asconfig.json')
const ASC = join(ROOT, 'node_modules/assemblyscript/bin/asc.js')

/** Builds the program if a test of this run starts it and a source is newer than what was built of it. */
export async function setup ({ vitest }: TestProject): Promise<void> {
  const filters = (vitest as { filenamePattern?: string[] }).filenamePattern
  const files = await vitest.globTestSpecifications(filters)
  const runsProgram = files.some(({ moduleId }) => moduleId.endsWith('.process.test.ts'))
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  if (isKernelNewer()) {
    await withLock(join(ROOT, 'dist/.building'), BUILD_MS, async () => {
      if (isKernelNewer()) await runTool(process.execPath, [ASC, '--config', KERNEL_CONFIG], BUILD_MS)
    })
  }
  const needsPage = runsProgram || files.some(({ moduleId }) => /\/test\/(browser|serve\/web)\//.test(moduleId))
  if (!needsPage) return
  await withLock(join(ROOT, 'dist/.building'), BUILD_MS, async () => {
    if (isPageNewer()) {
      await runTool(process.execPath,
        [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(ROOT, 'serve/web/vite.config.ts')], BUILD_MS)
    }
    if (!runsProgram || !sources().some(isNewer)) return
    await runTool(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'tsconfig.build.json')],
      BUILD_MS)
    await runTool(process.execPath, [join(ROOT, 'node_modules/rolldown/bin/cli.mjs'), '--config', join(ROOT, 'rolldown.config.js'),
      '--log-level', 'warn'], BUILD_MS)
  })
}

export async function teardown (): Promise<void> {
  await stopSharedBroker()
}

/** True if the kernel of decoding has a source or a setting that is newer than what was built of it. */
function isKernelNewer (): boolean {
  const built = join('dist', KERNEL, 'kernel.wasm')
  return hasNewer(join(KERNEL, 'assembly'), built) || statSync(KERNEL_CONFIG).mtimeMs > statSync(join(ROOT, built)).mtimeMs
}

/** True if the page has a source that is newer than what was built of it. */
function isPageNewer (): boolean {
  return hasNewer('serve/web', 'dist/web/index.html')
}

/** True if a file of the folder is newer than what was built of it, or nothing was. */
function hasNewer (folder: string, built: string): boolean {
  if (!existsSync(join(ROOT, built))) return true
  const { mtimeMs } = statSync(join(ROOT, built))
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .some(path => statSync(join(ROOT, folder, path)).mtimeMs > mtimeMs)
}

/** Sources that are compiled, relative to the root. */
function sources (): string[] {
  const inFolders = FOLDERS.flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map(path => join(folder, path)))
  const isElsewhere = (path: string): boolean => /^serve\/web\/(src|map|vite)/.test(path) || path.startsWith(KERNEL + '/assembly')
  return ['main.ts', ...inFolders.filter(path => /\.c?ts$/.test(path) && !isElsewhere(path))]
}

function isNewer (source: string): boolean {
  const built = join(ROOT, 'dist', source.replace(/\.(c?)ts$/, '.$1js'))
  return !existsSync(built) || statSync(join(ROOT, source)).mtimeMs > statSync(built).mtimeMs
}
