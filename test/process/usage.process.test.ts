import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerOf, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('help', () => {
  it('is there for every command and every command below it', async () => {
    const helped: string[] = []
    const help = async (path: string[]): Promise<void> => {
      const text = await answerOf([...path, '--help'])
      expect(text).toContain(`Usage: ${['borderflow', ...path].join(' ')}`)
      helped.push(path.join(' '))
      const commands = /^Commands:\n((?: .*\n)+)/m.exec(text)?.[1] ?? ''
      const names = [...commands.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(match => match[1] as string)
      for (const name of names.filter(name => name !== 'help')) await help([...path, name])
    }
    await help([])
    expect(helped).toEqual(expect.arrayContaining([
      'start', 'demo', 'ingest', 'simulate', 'query', 'tables', 'verify', 'quarantine list', 'quarantine show',
      'quarantine replay', 'quarantine discard', 'gap list', 'gap accept', 'status', 'doctor', 'config', 'backup',
      'restore', 'access create', 'access list', 'access revoke'
    ]))
  })

  it('tells the exit codes', async () => {
    expect(await answerOf(['--help'])).toContain('0 fine, 1 failed, 2 wrong use, 3 differences')
  })
})

describe('wrong use', () => {
  it.each([
    { args: ['qeury'], says: 'Did you mean query?' },
    { args: ['query', 'flows', '--frm', '2026-01-01'], says: 'Did you mean --from?' },
    { args: ['query'], says: "missing required argument 'table'" },
    { args: ['query', 'flows', '--format', 'xml'], says: 'Allowed choices are table, csv' },
    { args: ['query', 'flows', '--limit', 'few'], says: 'a whole number above 0' },
    { args: ['query', 'flows', '--where', 'KHM'], says: 'dimension=value' },
    { args: ['ingest', 'x.ndjson', '--received-at', '2026-10-01'], says: 'a time like 2026-10-01T05:30:00+07:00' },
    { args: ['access', 'create', '--name', 'x', '--role', 'king'], says: 'expected producer' },
    { args: ['access', 'create', '--name', 'x', '--role', 'producer', '--days', '0'], says: 'a whole number of days' },
    { args: ['quarantine', 'discard'], says: 'an id, --reason or --all' },
    { args: ['demo', '--scale', 'big'], says: 'a number above 0' },
    { args: ['demo', '--days', '-1'], says: 'a whole number' },
    { args: ['simulate', '--from', '2026-01-01', '--to', '2026-01-02'], says: 'one of --folder, --kafka, --http' }
  ])('exits 2 and says what is expected: $args', async ({ args, says }) => {
    const folder = await temporaryFolder()
    const { code, stdout, stderr } = await runProgram(args, { cwd: folder })
    expect(stderr).toContain(says)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('is told as one line of JSON where --json is given', async () => {
    const { code, stdout, stderr } = await runProgram(['status', '--jsn', '--json'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const { error } = JSON.parse(stderr) as { error: { code: string, message: string } }
    expect(error.code).toBe('USAGE')
    expect(error.message).toContain('--jsn')
  })
})

describe('a data folder that is not there', () => {
  it.each([
    ['query', 'flows'], ['status'], ['verify'], ['quarantine', 'list'], ['gap', 'list'], ['access', 'list'], ['backup', 'x']
  ])('stops %s %s with exit 1 and makes nothing', async (...args) => {
    const data = join(await temporaryFolder(), 'data')
    const { code, stdout, stderr } = await runProgram([...args.filter(arg => typeof arg === 'string'), '--data', data])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('a data folder with a warehouse')
    expect(stderr).toContain(data)
    expect(existsSync(data)).toBe(false)
  })

  it('is told as JSON on standard error where --json is given', async () => {
    const data = join(await temporaryFolder(), 'data')
    const { code, stdout, stderr } = await runProgram(['status', '--data', data, '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'DATA_FOLDER_INVALID', message: expect.stringContaining('no such folder') as string }
    })
  })
})

describe('settings', () => {
  it('are printed without secrets', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'password'), 'canary-secret\n')
    for (const env of [
      { BORDERFLOW_KAFKA_SASL_PASSWORD: 'canary-secret' },
      { BORDERFLOW_KAFKA_SASL_PASSWORD_FILE: join(folder, 'password') }
    ]) {
      const printed = await answerOf(['config'], { env: { ...env, BORDERFLOW_HTTP_PORT: '8111' } })
      expect(printed).toMatch(/port: 8111/)
      expect(printed).toMatch(/saslPassword: \(hidden\)/)
      expect(printed).not.toContain('canary-secret')
    }
  })

  it('are told of all at once when several are wrong, with exit 2', async () => {
    const { code, stderr } = await runProgram(['config'], {
      env: { BORDERFLOW_HTTP_PORT: '99999', BORDERFLOW_LOG_LEVEL: 'loud', BORDERFLOW_SPOOL_FODLER: 'x' }
    })
    expect(code).toBe(2)
    expect(stderr).toContain('3 faults')
    for (const name of ['BORDERFLOW_HTTP_PORT', 'BORDERFLOW_LOG_LEVEL', 'BORDERFLOW_SPOOL_FODLER']) {
      expect(stderr.split('\n').filter(line => line.includes(name))).toHaveLength(1)
    }
  })

  it('printed once can be read back as a settings file', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'settings.yaml')
    await writeFile(file, await answerOf(['config'], { env: { BORDERFLOW_HTTP_PORT: '8222' } }))
    expect(await answerOf(['config'], { env: { BORDERFLOW_SETTINGS_FILE: file } })).toContain('port: 8222')
  })
})
