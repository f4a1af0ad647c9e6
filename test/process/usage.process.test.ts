import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { answerOf, PROGRAM, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('help', () => {
  it('is there for every command and every command below it', async () => {
    // One process asks for all of them: each would take a second of its own.
    const script = `
      const { buildProgram } = await import(process.argv[1])
      const walk = (command, path) => {
        console.log(JSON.stringify({ path, help: command.helpInformation(), description: command.description() }))
        for (const child of command.commands) walk(child, [...path, child.name()])
      }
      walk(await buildProgram(), [])`
    const program = join(dirname(PROGRAM), 'program.js')
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, program])
    const helps = stdout.trimEnd().split('\n').map(line =>
      JSON.parse(line) as { path: string[], help: string, description: string })
    for (const { path, help, description } of helps) {
      expect(help).toContain(`Usage: ${['borderflow', ...path].join(' ')}`)
      expect(description, path.join(' ')).not.toBe('')
    }
    expect(helps.map(({ path }) => path.join(' '))).toEqual(expect.arrayContaining([
      'start', 'demo', 'ingest', 'simulate', 'query', 'tables', 'verify', 'quarantine list', 'quarantine show',
      'quarantine replay', 'quarantine discard', 'gap list', 'gap accept', 'status', 'doctor', 'config', 'backup',
      'restore', 'explain', 'access create', 'access list', 'access revoke'
    ]))
  })

  it('tells the exit codes', async () => {
    expect(await answerOf(['--help'])).toContain('0 fine, 1 failed, 2 wrong use, 3 differences')
  })

  it('of a command lists its options', async () => {
    expect(await answerOf(['query', '--help'])).toMatch(/--as-of <date>[\s\S]*--format <format>/)
  })
})

describe('wrong use', () => {
  it.each([
    { args: ['qeury'], says: 'Did you mean query?' },
    { args: ['query', 'flows', '--frm', '2026-01-01'], says: 'Did you mean --from?' },
    { args: ['query', 'flows', '--format', 'xml'], says: 'Allowed choices are table, csv' },
    { args: ['query', 'flows', '--limit', 'few'], says: 'a whole number above 0' },
    { args: ['ingest', 'x.ndjson', '--received-at', '2026-10-01'], says: 'a time like 2026-10-01T05:30:00+07:00' },
    { args: ['quarantine', 'discard'], says: 'an id, --reason or --all' },
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
    { args: ['query', 'flows'] }, { args: ['verify'] }, { args: ['backup', 'copy'] }
  ])('stops $args with exit 1 and makes nothing', async ({ args }) => {
    const data = join(await temporaryFolder(), 'data')
    const { code, stdout, stderr } = await runProgram([...args, '--data', data])
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
    const secrets: Record<string, string>[] = [
      { BORDERFLOW_KAFKA_SASL_PASSWORD: 'canary-secret' },
      { BORDERFLOW_KAFKA_SASL_PASSWORD_FILE: join(folder, 'password') }
    ]
    for (const env of secrets) {
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
