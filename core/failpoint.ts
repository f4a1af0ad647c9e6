// Named points at which a test can end or freeze the process, as a power cut or a stalled machine would.
import { BorderflowError } from './errors.ts'

/** Every point, in the order of the way of the data. A test reaches each of them. */
export const FAILPOINTS = [
  'migration-step', 'index-opened', 'index-copy-written', 'index-copy-renamed',
  'segment-begun', 'segment-appended', 'segment-synced', 'segment-purged',
  'file-numbered', 'file-read', 'file-ended', 'file-moved',
  'kafka-batch-read', 'kafka-offsets-committed',
  'group-begun', 'group-positions-advanced', 'group-staged', 'group-rows-moved', 'group-complete', 'group-committed',
  'accounting-folded', 'deltas-folded', 'checkpoint-begun', 'checkpoint-done',
  'refresh-begun', 'refresh-rows-deleted', 'refresh-rows-written', 'refresh-committed', 'rebuild-computed',
  'replay-rows-written', 'replay-committed', 'backup-copied', 'backup-complete'
] as const

export type Failpoint = (typeof FAILPOINTS)[number]

type Action = 'kill' | 'stop'

const VARIABLE = 'BORDERFLOW_TEST_FAILPOINT'
const PERMISSION = 'BORDERFLOW_TEST_FAILPOINTS_ALLOWED'

let armed: { name: Failpoint, passesLeft: number, action: Action } | null = null

/**
 * Arms the point that the environment names: `name`, `name@3` for the third time it is passed, `name@3=stop` to freeze
 * (SIGSTOP) where it would be killed (SIGKILL). Throws SETTINGS_INVALID outside tests, and for a name that is none.
 */
export function armFailpoint (environment: NodeJS.ProcessEnv): void {
  const text = environment[VARIABLE]
  if (text === undefined) return
  const [, name, pass = '1', action = 'kill'] = /^([a-z-]+)(?:@(\d+))?(?:=(kill|stop))?$/.exec(text) ?? []
  const known = FAILPOINTS.find(point => point === name)
  if (environment[PERMISSION] !== 'yes' || known === undefined) {
    throw new BorderflowError('SETTINGS_INVALID', {
      expected: known === undefined ? `one of ${FAILPOINTS.join(', ')}` : 'no failpoint outside tests',
      found: text,
      where: VARIABLE,
      remedy: 'Take the variable out of the environment: it ends the process on purpose.'
    })
  }
  armed = { name: known, passesLeft: Number(pass), action: action as Action }
}

/** Passes a point: nothing, unless a test has armed it. */
export function failpoint (name: Failpoint): void {
  if (armed === null || armed.name !== name || --armed.passesLeft > 0) return
  const { action } = armed
  armed = null
  process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP')
}
