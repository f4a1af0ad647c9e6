// The jars of Apache Kafka: fetched once from Maven Central into a cache folder, then used by every run.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.ts'

export const CACHE_FOLDER = join(tmpdir(), 'borderflow-test-kafka')
const JAR_FOLDER = join(CACHE_FOLDER, 'jars-4.1.0')
const POM = fileURLToPath(new URL('../kafka-pom.xml', import.meta.url))
const FETCH_MS = 240_000

/** The class path of the broker. Throws with the reason if Java, Maven or the jars cannot be had. */
export async function brokerClassPath (): Promise<string> {
  await mkdir(CACHE_FOLDER, { recursive: true })
  await runTool('java', ['-version'], 20_000)
  await withLock(join(CACHE_FOLDER, 'jars.lock'), FETCH_MS, async () => {
    if (!existsSync(JAR_FOLDER)) await fetchJars()
  })
  return join(JAR_FOLDER, '*')
}

async function fetchJars (): Promise<void> {
  const work = join(CACHE_FOLDER, 'fetching')
  await rm(work, { recursive: true, force: true })
  await mkdir(work)
  await copyFile(POM, join(work, 'pom.xml'))
  const jars = join(work, 'jars')
  await runTool('mvn', ['-q', '-B', '-f', join(work, 'pom.xml'), 'dependency:copy-dependencies',
    `-DoutputDirectory=${jars}`, '-DincludeScope=runtime'], FETCH_MS)
  await rename(jars, JAR_FOLDER)
  await rm(work, { recursive: true, force: true })
}

/** Runs a program to its end; rejects with the tail of what it said if it fails or takes too long. */
export function runTool (program: string, args: string[], timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
    let said = ''
    const keep = (text: Buffer): void => { said = (said + text.toString()).slice(-2000) }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', error => reject(new Error(`${program} cannot be started: ${error.message}`)))
    child.on('close', code => {
      if (code === 0) resolve()
      else reject(new Error(`${program} ended with ${code ?? 'a timeout'}: ${said}`))
    })
  })
}
