// Upkeep as its users meet it: by itself in a service, through kills and stops, and by hand.
import { writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { businessHour } from '../../core/civil-date.ts'
import { answerOf, folderOfFile, jsonOf, runProgram, startProgram, startService, until } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { copyData, csvOf, example, ingestExample, valueOfRunning } from './folders.ts'

interface Run { dag: string, period: string, status: string, trigger: string, attempt: number, error: string | null }
interface DagStatus { dag: string, lastRun: Run | null }
interface HandRun { dag: string, period: string, status: string, error: string | null }

const folder = folderOfFile()
let data: string
/** Whatever else runs must not be in the way of what a test looks at, and nothing comes due while it looks. */
const QUIET = {
  BORDERFLOW_DAGS_BASELINE_SCHEDULE: 'off',
  BORDERFLOW_DAGS_COMPACT_SCHEDULE: 'off',
  BORDERFLOW_DAGS_VERIFY_SCHEDULE: `0 ${(businessHour(Date.now()) + 12) % 24} * * *`,
  BORDERFLOW_DAGS_RETRY_BASE_SECONDS: '1'
}

beforeAll(async () => {
  data = join(folder(), 'small')
  await ingestExample(data, example('small'))
})

async function ownCopy (): Promise<string> {
  return copyData(data, join(await temporaryFolder(), 'data'))
}

/** Changes a file that no process holds. */
async function change (file: string, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const sql of statements) await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

const runsOf = async (own: string, name: string): Promise<Run[]> =>
  await valueOfRunning<Run[]>(own, 'dag.runs', { name, limit: 100 })

/** A copy whose service was killed while it ran verify; null if that had ended by then. */
async function killedSoonAfterVerifyBegan (): Promise<string | null> {
  const own = await ownCopy()
  await (await startService(own, { env: QUIET })).terminate()
  await change(join(own, 'control.duckdb'), "update dag_marks set since = since - interval 4 day where dag = 'verify'")
  const killed = startProgram(['start', '--data', own], { env: { ...QUIET, BORDERFLOW_HTTP_PORT: '0' } })
  const said = (what: string): boolean => killed.log().some(({ msg, dag }) => msg === what && dag === 'verify')
  await until(() => said('dag run started'), 'verify running')
  await killed.kill()
  return said('dag run ended') ? null : own
}

describe('a service', () => {
  it('runs at its start what came due while it was down, once, and says so in status and metrics', async () => {
    const own = await ownCopy()
    await (await startService(own, { env: QUIET })).terminate()
    // As if it had last looked four days ago.
    await change(join(own, 'control.duckdb'), "update dag_marks set since = since - interval 4 day where dag = 'verify'")
    const first = await startService(own, { env: QUIET })
    await until(async () => (await runsOf(own, 'verify')).some(({ status }) => status === 'success'), 'the missed run')
    const runs = await runsOf(own, 'verify')
    expect(runs.filter(({ status }) => status === 'success')).toMatchObject([{ trigger: 'catchup', attempt: 1 }])
    expect(runs.filter(({ status }) => status === 'skipped').length).toBeGreaterThanOrEqual(2)
    const metrics = await (await fetch(`${first.address}/metrics`)).text()
    expect(metrics).toMatch(/^borderflow_dag_runs_total\{dag="verify",status="success"\} 1$/m)
    expect(metrics).toMatch(/^borderflow_dag_failing\{dag="verify"\} 0$/m)
    expect(metrics).toMatch(/^borderflow_dag_last_success_timestamp_seconds\{dag="verify"\} \d+/m)
    expect(metrics).toMatch(/^borderflow_integrity_differences 0$/m)
    await first.terminate()
    await startService(own, { env: QUIET })
    const status = await valueOfRunning<{ dags: DagStatus[], integrity: { state: string } }>(own, 'status')
    expect(status.dags.find(({ dag }) => dag === 'verify')?.lastRun).toMatchObject({ status: 'success' })
    expect(status.integrity.state).toBe('ok')
    expect((await runsOf(own, 'verify')).filter(({ status }) => status === 'success')).toHaveLength(1)
  })

  it('that was killed during a run finds it crashed, and tries it again', async () => {
    let own = await killedSoonAfterVerifyBegan()
    // It may have been quicker than the kill.
    while (own === null) own = await killedSoonAfterVerifyBegan()
    const service = await startService(own, { env: QUIET })
    await service.logged('dag runs were left by a process that is gone')
    await until(async () => (await runsOf(own, 'verify')).some(({ status }) => status === 'success'), 'the second attempt')
    expect((await runsOf(own, 'verify')).filter(({ attempt }) => attempt > 0).reverse()).toMatchObject([
      { status: 'crashed', attempt: 1, error: 'the process ended while it ran' },
      { status: 'success', attempt: 2, trigger: 'retry' }
    ])
  })

  it('runs a DAG by hand as the command asks, and refuses a period that is done', async () => {
    const own = await ownCopy()
    await startService(own, { env: QUIET })
    const compact = ['dag', 'run', 'compact', '--period', '2026-03-01', '--data', own]
    const [run] = await jsonOf<HandRun[]>(compact)
    expect(run).toMatchObject({ dag: 'compact', status: 'success' })
    const again = await runProgram(compact)
    expect(again).toMatchObject({ code: 1 })
    expect(again.stderr).toContain('--again')
    expect(await jsonOf<HandRun[]>([...compact, '--again'])).toMatchObject([{ status: 'success' }])
    expect(await answerOf(['dag', 'list', '--data', own])).toContain('day-roll')
  })
})

describe('dag, on a folder that nothing runs on', () => {
  it('verifies, fails with exit 1 and the names of the checks where rows differ, and shows it', async () => {
    const own = await ownCopy()
    expect(await jsonOf<HandRun[]>(['dag', 'run', 'verify', '--data', own])).toMatchObject([{ status: 'success' }])
    await change(join(own, 'warehouse.duckdb'), 'update flow_deltas set persons = persons + 1 where rowid = 0')
    const { code, stdout } = await runProgram(['dag', 'run', 'verify', '--again', '--json', '--data', own])
    expect(code).toBe(1)
    const [failed] = JSON.parse(stdout) as HandRun[]
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('flows (1)') as string })
    const status = await answerOf(['status', '--data', own])
    expect(status).toMatch(/integrity: differences, checked .*flows 1/)
    const shown = await answerOf(['dag', 'show', 'verify', '--data', own])
    expect(shown).toContain('failing since')
    expect(await jsonOf<Run[]>(['dag', 'runs', '--dag', 'verify', '--status', 'failed', '--data', own])).toHaveLength(1)
  })

  it('plans several periods without running them, and then runs them in order', async () => {
    const own = await ownCopy()
    const range = ['--from', '2026-03-01', '--to', '2026-03-03', '--data', own]
    expect(await answerOf(['dag', 'run', 'compact', ...range, '--dry-run'])).toContain('2026-03-02')
    expect(await jsonOf<Run[]>(['dag', 'runs', '--data', own])).toEqual([])
    expect((await jsonOf<HandRun[]>(['dag', 'run', 'compact', ...range])).map(({ period }) => period))
      .toEqual(['2026-03-01', '2026-03-02', '2026-03-03'])
    expect(await jsonOf<HandRun[]>(['dag', 'run', 'compact', ...range])).toEqual([])
  })

  it.each([
    { args: ['run', 'nothing'], code: 1, said: 'one of day-roll, verify, compact, baseline, purge' },
    { args: ['run', 'verify', '--period', 'soon'], code: 2, said: 'a day, written YYYY-MM-DD' },
    { args: ['run', 'verify', '--period', '2999-01-01'], code: 2, said: 'a day that has ended' },
    { args: ['run', 'purge', '--period', '2026-03-01'], code: 2, said: 'an hour' },
    { args: ['run', 'verify', '--from', '2026-03-01'], code: 2, said: 'both --from and --to' },
    { args: ['runs', '--limit', '0'], code: 2, said: 'from 1 to 10000' },
    { args: ['runs', '--status', 'lost'], code: 2, said: 'status' },
    { args: ['runs', '--dag', 'nothing'], code: 1, said: 'one of day-roll' },
    { args: ['show'], code: 2, said: 'name' },
    { args: ['walk'], code: 2, said: '' }
  ])('dag $args ends with $code', async ({ args, code, said }) => {
    const ended = await runProgram(['dag', ...args, '--data', data])
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(said)
  })

  it('refuses a schedule that cannot be meant, with the name of the setting', async () => {
    const { code, stderr } = await runProgram(['status', '--data', data], {
      env: { BORDERFLOW_DAGS_VERIFY_SCHEDULE: '61 2 * * *', BORDERFLOW_DAGS_COMPACT_SCHEDULE: '0 2 1 * 1' }
    })
    expect(code).toBe(2)
    expect(stderr).toMatch(/BORDERFLOW_DAGS_VERIFY_SCHEDULE: expected a minute/)
    expect(stderr).toMatch(/BORDERFLOW_DAGS_COMPACT_SCHEDULE: expected a day of month or a weekday/)
  })
})

describe('a changed code list', () => {
  it('is in status with what changed, and figures follow a rebuild', async () => {
    const own = await ownCopy()
    const lists = join(await temporaryFolder(), 'lists')
    await mkdir(lists)
    await writeFile(join(lists, 'overstay_fines.csv'),
      'code,usd_per_day,valid_from,valid_to,source,status\ndaily_fine,1,,,a test,verified\n')
    await answerOf(['rebuild', '--data', own])
    const fines = async (): Promise<string> => await csvOf(own, 'overstays')
    const before = await fines()
    const env = { BORDERFLOW_LISTS_FOLDER: lists }
    expect(await answerOf(['status', '--data', own], { env })).toMatch(/code lists: changed .*overstay_fines; derived tables still/)
    await answerOf(['rebuild', '--data', own], { env })
    expect(await answerOf(['status', '--data', own], { env })).toMatch(/code lists: changed .*overstay_fines$/m)
    const after = await answerOf(['query', 'overstays', '--format', 'csv', '--data', own], { env })
    expect(after).not.toBe(before)
  })
})
