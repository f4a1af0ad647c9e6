// The program as its users run it: dist/cli/bin.cjs in a process of its own, with an environment that names every
// setting it has. What a test starts is ended when the test is.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, onTestFinished, vi } from 'vitest'
import { packageFile } from '../../core/package-root.ts'

export interface ProgramOptions {
  /** Settings (BORDERFLOW_*) and whatever else the process is to see; nothing of ours is inherited. */
  env?: Record<string, string>
  cwd?: string
  /** Another copy of the program. Default: the one of this checkout. */
  program?: string
  /** After this the process is killed and the test fails. Default 120 s. */
  deadlineMs?: number
}

/** What a process left behind. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  stdoutBytes: Buffer
}

export interface Running {
  readonly pid: number
  readonly ended: Promise<Ended>
  stdout (): string
  stderr (): string
  /** The log so far: one object a line. */
  log (): Record<string, unknown>[]
  /** The first log line with this message. Fails if it does not come, or if the process ends first. */
  logged (message: string, deadlineMs?: number): Promise<Record<string, unknown>>
  /** Asks it to end, and waits until it has. */
  terminate (): Promise<Ended>
  /** Kills it, and waits until it is gone. */
  kill (): Promise<Ended>
}

/** A running `start` that listens. */
export interface RunningService extends Running {
  readonly address: string
}

export const DEADLINE_MS = 120_000
export const PROGRAM = packageFile('dist/cli/bin.cjs')

// A process takes a second or two to start, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** Runs the program to its end. */
export async function runProgram (args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  const { deadlineMs = DEADLINE_MS } = options
  const { child, ended } = launch(args, options)
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
  try {
    const result = await ended
    if (result.signal === 'SIGKILL') throw new Error(`${args.join(' ')} did not end within ${deadlineMs} ms: ${result.stderr}`)
    return result
  } finally {
    clearTimeout(timer)
  }
}

/** Runs the program to a good end and returns what it printed; fails with what it said otherwise. */
export async function answerOf (args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(args, options)
  if (code !== 0) throw new Error(`borderflow ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** Runs a command with --json and returns what it answered. */
export async function jsonOf<T> (args: readonly string[], options: ProgramOptions = {}): Promise<T> {
  return JSON.parse(await answerOf([...args, '--json'], options)) as T
}

/** Starts the program; it is killed at the end of the test if it still runs then. */
export function startProgram (args: readonly string[], options: ProgramOptions = {}): Running {
  const { child, ended, output } = launch(args, options)
  let isOver = false
  void ended.then(() => { isOver = true })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const stderr = (): string => Buffer.concat(output.stderr).toString()
  const log = (): Record<string, unknown>[] => stderr().split('\n').filter(line => line.startsWith('{')).flatMap(parsed)
  return {
    pid: child.pid ?? 0,
    ended,
    stdout: () => Buffer.concat(output.stdout).toString(),
    stderr,
    log,
    async logged (message, deadlineMs = DEADLINE_MS) {
      const find = (): Record<string, unknown> | undefined => log().find(({ msg }) => msg === message)
      await until(() => find() !== undefined || isOver, `log line '${message}'`, deadlineMs)
      const found = find()
      if (found === undefined) throw new Error(`ended without the log line '${message}': ${stderr()}`)
      return found
    },
    async terminate () {
      child.kill('SIGTERM')
      return await ended
    },
    async kill () {
      child.kill('SIGKILL')
      return await ended
    }
  }
}

/** Starts `borderflow start` on a data folder with HTTP on a free port, and waits until it says where. */
export async function startService (dataFolder: string, options: ProgramOptions = {}): Promise<RunningService> {
  const running = startProgram(['start', '--data', dataFolder], {
    ...options, env: { BORDERFLOW_HTTP_PORT: '0', ...options.env }
  })
  const { address } = await running.logged('started')
  return { ...running, address: String(address) }
}

/** Waits until a condition holds; fails with its description at the deadline. */
export async function until (
  condition: () => boolean | Promise<boolean>, what: string, deadlineMs = DEADLINE_MS
): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await sleep(25)
  }
}

/** A temporary folder for all tests of a file; the function tells its path once they run. */
export function folderOfFile (): () => string {
  let folder = ''
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'borderflow-process-')) })
  afterAll(async () => { await rm(folder, { recursive: true, force: true }) })
  return () => folder
}

interface Launched {
  child: ChildProcess
  ended: Promise<Ended>
  output: { stdout: Buffer[], stderr: Buffer[] }
}

function launch (args: readonly string[], { env = {}, cwd, program = PROGRAM }: ProgramOptions): Launched {
  const child = spawn(process.execPath, [program, ...args], {
    cwd, env: { ...inherited(), ...env }, stdio: ['ignore', 'pipe', 'pipe']
  })
  const output: Launched['output'] = { stdout: [], stderr: [] }
  child.stdout?.on('data', (bytes: Buffer) => output.stdout.push(bytes))
  child.stderr?.on('data', (bytes: Buffer) => output.stderr.push(bytes))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const stdoutBytes = Buffer.concat(output.stdout)
      const stderr = Buffer.concat(output.stderr).toString()
      resolve({ code, signal, stdoutBytes, stdout: stdoutBytes.toString(), stderr })
    })
  })
  return { child, ended, output }
}

// What any program needs, and nothing that could change what ours does.
function inherited (): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LD_LIBRARY_PATH']
  return Object.fromEntries(names.flatMap(name => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  }))
}

// The last line may be half written yet.
function parsed (line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>]
  } catch {
    return []
  }
}
