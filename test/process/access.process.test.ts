// Access as people have it: a link made by the command line, a session of the running service, and what is left of it
// in the audit log.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerOf, folderOfFile, jsonOf, runProgram, startService } from '../support/program.ts'

interface Created { id: string, token: string, link: string | null }
interface Entry { person: string, role: string, action: string, target: string, detail?: Record<string, unknown> }

const folder = folderOfFile()

async function post (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(url, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body)
  })
}

describe('access', () => {
  it('is given by a link, ends when it is revoked, and all of it is in the log', async () => {
    const data = join(folder(), 'data')
    const common = ['--data', data]
    const service = await startService(data)
    const created = await jsonOf<Created>(['access', 'create', '--name', 'Sok Dara', '--role', 'statistician', ...common])
    expect(created.link).toBe(`${service.address}/#token=${created.token}`)

    const signedIn = await post(`${service.address}/v1/session`, { token: created.token })
    expect(await signedIn.json()).toMatchObject({ name: 'Sok Dara', role: 'statistician' })
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!
    const me = async (): Promise<number> => (await fetch(`${service.address}/v1/session`, { headers: { cookie } })).status
    expect(await me()).toBe(200)

    // Of a person with a token, the command line acts in that name.
    await answerOf(['query', 'flows', '--by', 'direction', '--format', 'csv', ...common], { env: { BORDERFLOW_TOKEN: created.token } })
    await answerOf(['access', 'revoke', created.id, ...common])
    expect(await me()).toBe(401)
    const refused = await runProgram(['status', ...common], { env: { BORDERFLOW_TOKEN: created.token } })
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('BORDERFLOW_TOKEN')])

    const entries = await jsonOf<Entry[]>(['audit', 'list', ...common])
    expect(entries.filter(({ role }) => role !== 'system').map(({ person, action, target }) => [person.replace(/:.*/, ':'), action, target])).toEqual([
      ['local:', 'access.create', 'Sok Dara'],
      ['Sok Dara', 'session.create', expect.any(String)],
      ['Sok Dara', 'table.read', 'flows'],
      ['local:', 'access.revoke', created.id]
    ])
    expect(readFileSync(join(data, 'audit.jsonl'), 'utf8')).not.toContain(created.token.slice(3))
    expect(service.stderr()).not.toContain(created.token.slice(3))
    await service.terminate()
  })

  it('is given over HTTP by administrators, and looked into by auditors', async () => {
    const data = join(folder(), 'http')
    const service = await startService(data)
    const token = async (role: string): Promise<string> =>
      (await jsonOf<Created>(['access', 'create', '--name', `the ${role}`, '--role', role, '--data', data])).token
    const asAdministrator = { authorization: `Bearer ${await token('administrator')}` }
    const asAuditor = { authorization: `Bearer ${await token('auditor')}` }
    const made = await post(`${service.address}/v1/access`, { name: 'Chan', role: 'operator', days: 1 }, asAdministrator)
    expect(made.status).toBe(201)
    const { id, token: given } = await made.json() as Created
    expect((await post(`${service.address}/v1/session`, { token: given })).status).toBe(200)
    const list = await (await fetch(`${service.address}/v1/access`, { headers: asAdministrator })).text()
    expect(JSON.parse(list)).toHaveLength(3)
    expect(list).not.toContain(given.slice(3))
    expect((await fetch(`${service.address}/v1/access/${id}`, { method: 'DELETE', headers: asAdministrator })).status).toBe(204)
    expect((await post(`${service.address}/v1/session`, { token: given })).status).toBe(401)
    expect((await post(`${service.address}/v1/access`, { name: 'local:root', role: 'operator' }, asAdministrator)).status).toBe(400)

    const entries = await (await fetch(`${service.address}/v1/audit?action=access`, { headers: asAuditor })).json() as Entry[]
    expect(entries.slice(2).map(({ person, action, target, detail }) => [person, action, target, detail?.by])).toEqual([
      ['the administrator', 'access.create', 'Chan', 'http'], ['the administrator', 'access.revoke', id, 'http']
    ])
    const verified = await (await fetch(`${service.address}/v1/audit/verify`, { headers: asAuditor })).json()
    expect(verified).toMatchObject({ bad: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    await service.terminate()
  })

  it('cannot be made with arguments that make no sense', async () => {
    const wrong: string[][] = [
      ['--name', 'x', '--role', 'king'],
      ['--name', 'x', '--role', 'operator', '--expires', 'never'],
      ['--name', 'x', '--role', 'operator', '--expires', '0d'],
      ['--name', 'x', '--role', 'operator', '--expires', '2020-01-01'],
      ['--name', 'x', '--role', 'operator', '--days', '1', '--expires', '1d'],
      ['--role', 'operator']
    ]
    for (const args of wrong) {
      const { code, stdout, stderr } = await runProgram(['access', 'create', ...args, '--data', join(folder(), 'none')])
      expect([code, stdout], args.join(' ')).toEqual([2, ''])
      expect(stderr).not.toBe('')
    }
  })
})

describe('audit verify', () => {
  it('names the first entry that was changed, while nothing runs and while it does', async () => {
    const data = join(folder(), 'verify')
    const service = await startService(data)
    for (const name of ['a', 'b', 'c']) await jsonOf(['access', 'create', '--name', name, '--role', 'producer', '--data', data])
    expect(await answerOf(['audit', 'verify', '--data', data])).toContain('each as it was written')
    const file = join(data, 'audit.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"name":"b"', '"name":"x"'))
    const running = await runProgram(['audit', 'verify', '--data', data])
    expect([running.code, running.stdout]).toEqual([3, expect.stringMatching(/^entry 3 is changed/)])
    await service.terminate()
    const stopped = await runProgram(['audit', 'verify', '--json', '--data', data])
    expect([stopped.code, JSON.parse(stopped.stdout)]).toEqual([3, expect.objectContaining({ bad: { entry: 3, fault: 'changed', found: expect.any(String) } })])
  })
})
