import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerOf, jsonOf, runProgram, startService, until, type Ended } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { CANARIES, canaryLines, filesWithCanaries, tablesWithCanaries } from './canaries.ts'
import { csvOfRunning, valueOfRunning } from './folders.ts'

interface Listing { entries: { id: string }[] }

const REASONS = [
  'checkpoint_unknown', 'code_unknown', 'date_of_birth_invalid', 'in_future', 'not_json', 'not_utf8', 'revision_conflict',
  'schema', 'too_deep', 'too_large', 'too_old', 'unknown_contract'
]

describe('personal data', () => {
  it('rests in raw input alone, whichever way it came in: no other file, no table, no output, no log holds it', async () => {
    const folder = await temporaryFolder()
    const data = join(folder, 'data')
    const spool = join(folder, 'spool')
    const temporary = join(folder, 'temporary')
    for (const made of [spool, temporary]) await mkdir(made)
    // A checkpoint at its hour would fold the log in that is to be looked at.
    const env = {
      BORDERFLOW_LOG_LEVEL: 'trace', TMPDIR: temporary, BORDERFLOW_SPOOL_FOLDER: spool, BORDERFLOW_DAGS_COMPACT_SCHEDULE: 'off'
    }
    const options = { env, cwd: folder }
    await writeFile(join(spool, 'spool.ndjson'), bodyOf(canaryLines('s')))
    await writeFile(join(spool, 'broken.ndjson.gz'), 'Canary Gzip')
    await writeFile(join(folder, 'input.ndjson'), bodyOf(canaryLines('i')))
    const count = canaryLines('n').length

    const outputs: string[] = []
    const keep = (ended: Ended): void => { outputs.push(ended.stdoutBytes.toString('latin1'), ended.stderr) }
    keep(await runProgram(['ingest', join(folder, 'input.ndjson'), '--data', data], options))
    const service = await startService(data, options)
    const { token } = await jsonOf<{ token: string }>(
      ['access', 'create', '--name', 'desk', '--role', 'producer', '--data', data], options)
    outputs.push(...await post(service.address, token, bodyOf(canaryLines('h'))))
    await until(async () => {
      const { messages } = await valueOfRunning<{ messages: Record<string, number> }>(data, 'status')
      return (messages.loaded ?? 0) + (messages.duplicate ?? 0) + (messages.quarantined ?? 0) === 3 * count
    }, `three times ${count} messages`)
    outputs.push(await (await fetch(`${service.address}/metrics`)).text())
    outputs.push(await csvOfRunning(data, 'flows'), await csvOfRunning(data, 'data_quality'))
    for (const command of [['query', 'minors', '--format', 'parquet'], ['query', 'flows', '--format', 'arrow'],
      ['quarantine', 'list', '--limit', '1000'], ['status'], ['doctor'], ['verify']]) {
      keep(await runProgram([...command, '--data', data], options))
    }
    const { entries } = await valueOfRunning<Listing>(data, 'quarantine.list', { limit: 1000 })
    for (const { id } of entries) outputs.push(JSON.stringify(await valueOfRunning(data, 'quarantine.show', { id })))
    const { counts } = await valueOfRunning<{ counts: { reason: string }[] }>(data, 'quarantine.list')
    expect(counts.map(({ reason }) => reason).sort()).toEqual(REASONS)

    // Killed, so that the write-ahead log is left as it is; ended in order afterwards, so that it is folded in.
    keep(await service.kill())
    expect(existsSync(join(data, 'warehouse.duckdb.wal'))).toBe(true)
    const raw = /^(input\.ndjson|spool\/|data\/intake\/)/
    const first = await filesWithCanaries(folder)
    expect(first.filter(path => !raw.test(path))).toEqual([])
    expect(first.filter(path => raw.test(path)).length).toBeGreaterThanOrEqual(3)
    outputs.push(await answerOf(['quarantine', 'replay', '--all', '--data', data], options))
    const again = await startService(data, options)
    keep(await again.terminate())
    expect((await filesWithCanaries(folder)).filter(path => !raw.test(path))).toEqual([])
    for (const name of ['warehouse.duckdb', 'control.duckdb']) {
      const { tables, found } = await tablesWithCanaries(join(data, name))
      expect(tables).toBeGreaterThan(0)
      expect(found).toEqual([])
    }

    expect(outputs.filter(text => text !== '').length).toBeGreaterThan(50)
    for (const output of outputs) expect(output.split('\n').filter(line => CANARIES.test(line))).toEqual([])
  })
})

function bodyOf (messages: Buffer[]): Buffer {
  return Buffer.concat(messages.flatMap(message => [message, Buffer.from('\n')]))
}

/** What the intake answers to messages, to a wrong token, and to bodies that it cannot take. */
async function post (address: string, token: string, body: Buffer): Promise<string[]> {
  const answers: string[] = []
  for (const [authorization, type, content] of [
    [`Bearer ${token}`, 'application/x-ndjson', body],
    ['Bearer Canary', 'application/x-ndjson', body],
    [`Bearer ${token}`, 'application/json', Buffer.from('[{"name": "Canary')],
    [`Bearer ${token}`, 'text/canary', body]
  ] as [string, string, Buffer][]) {
    const response = await fetch(`${address}/v1/events`, {
      method: 'POST', headers: { authorization, 'content-type': type }, body: new Uint8Array(content)
    })
    answers.push(await response.text())
  }
  const missing = await fetch(`${address}/v1/Canary?name=Canary`)
  return [...answers, await missing.text()]
}
