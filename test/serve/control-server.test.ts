// The control socket: who may open it, where it lies, and how answers and faults come back.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BorderflowError } from '../../core/errors.ts'
import { silentLog } from '../../core/log.ts'
import { controlSocket, startControlServer, type RunOperation } from '../../serve/control-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Answer { status: number, type: string, text: string }

async function post (socketPath: string, path: string, body: unknown): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: 'POST', headers: { 'content-type': 'application/json' } }, response => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text: Buffer.concat(parts).toString('utf8') })
      })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

async function start (folder: string, run: RunOperation): Promise<string> {
  const server = await startControlServer(folder, run, silentLog())
  onTestFinished(async () => { await server.close() })
  return controlSocket(folder)
}

const echo: RunOperation = async (name, parameters) => ({ value: { name, parameters } })

describe('the control socket', () => {
  it('can be opened by its owner only, and goes away with the server', async () => {
    const folder = await temporaryFolder()
    const maskBefore = process.umask()
    const server = await startControlServer(folder, echo, silentLog())
    const path = controlSocket(folder)
    expect(path).toBe(join(folder, 'control.sock'))
    expect(statSync(path).isSocket()).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(process.umask()).toBe(maskBefore)
    await server.close()
    expect(existsSync(path)).toBe(false)
  })

  it('takes the place of one that a process left behind', async () => {
    const folder = await temporaryFolder()
    writeFileSync(controlSocket(folder), '')
    expect((await post(await start(folder, echo), '/operations/status', {})).status).toBe(200)
  })

  it('lies elsewhere, under a name of the folder\'s own, where the path would be too long', async () => {
    const folder = join(await temporaryFolder(), 'x'.repeat(60), 'y'.repeat(60))
    mkdirSync(folder, { recursive: true })
    const path = controlSocket(folder)
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100)
    expect(controlSocket(join(folder, '.'))).toBe(path)
    expect(controlSocket(`${folder}z`)).not.toBe(path)
    expect(await start(folder, echo)).toBe(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await post(path, '/operations/status', { a: 1 })).status).toBe(200)
  })

  it('counts bytes, not characters, of a path', async () => {
    const folder = join(await temporaryFolder(), 'ប'.repeat(40))
    expect(Buffer.byteLength(controlSocket(folder))).toBeLessThanOrEqual(100)
  })
})

describe('an operation over the socket', () => {
  it('is run by its name with its parameters, and its value comes back', async () => {
    const path = await start(await temporaryFolder(), echo)
    const answer = await post(path, '/operations/quarantine.list', { reason: 'schema' })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { value: { name: 'quarantine.list', parameters: { reason: 'schema' } } }])
  })

  it('may have no value, or a stream of bytes', async () => {
    const path = await start(await temporaryFolder(), async name => name === 'nothing'
      ? { value: undefined }
      : { stream: (async function * () { yield 'a,b\n'; yield Buffer.from('ក,2\n') })() })
    expect(JSON.parse((await post(path, '/operations/nothing', {})).text)).toEqual({ value: null })
    const answer = await post(path, '/operations/query', {})
    expect([answer.type, answer.text]).toEqual(['application/octet-stream', 'a,b\nក,2\n'])
  })

  it('tells our own faults with their code, and others as failures', async () => {
    const path = await start(await temporaryFolder(), async name => {
      if (name === 'ours') throw new BorderflowError('NOT_FOUND', { expected: 'one', found: 'none' })
      throw new Error('broken')
    })
    const ours = await post(path, '/operations/ours', {})
    expect([ours.status, JSON.parse(ours.text)]).toEqual([422, { code: 'NOT_FOUND', message: 'expected one, found none.' }])
    expect((await post(path, '/operations/other', {})).status).toBe(500)
    expect((await post(path, '/operations', {})).status).toBe(404)
    expect((await post(path, '/operations/ours/more', {})).status).toBe(404)
  })
})
