// The service speaking TLS itself, by files.
import { writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runService, type RunningService } from './api/running-service.ts'

interface Answer { status: number, headers: NodeJS.Dict<string | string[]>, body: string }
interface Files { tlsCertFile: string, tlsKeyFile: string, cert: string }

async function makeFiles (name: string): Promise<Files> {
  const folder = await temporaryFolder()
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], { keyType: 'ec' })
  const files = { tlsCertFile: join(folder, 'cert.pem'), tlsKeyFile: join(folder, 'key.pem'), cert }
  await writeFile(files.tlsCertFile, cert)
  await writeFile(files.tlsKeyFile, key)
  return files
}

async function serviceWith ({ tlsCertFile, tlsKeyFile }: Pick<Files, 'tlsCertFile' | 'tlsKeyFile'>): Promise<RunningService> {
  return await runService({}, { http: { port: 0, tlsCertFile, tlsKeyFile } })
}

/** Asks over TLS, and trusts only the certificate that the service was given. */
async function ask (url: string, ca: string, method = 'GET', body?: object): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sent = request(url, {
      method, ca, servername: 'localhost', headers: body === undefined ? {} : { 'content-type': 'application/json' }
    }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', part => { text += String(part) })
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }) })
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

describe('a service with a certificate of its own', () => {
  it('speaks nothing but TLS, makes browsers keep to it, and signs in over it', async () => {
    const files = await makeFiles('localhost')
    const service = await serviceWith(files)
    onTestFinished(async () => { await service.stop() })
    expect(service.address).toMatch(/^https:/)
    const health = await ask(`${service.address}/health`, files.cert)
    expect([health.status, health.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000'])
    const signedIn = await ask(`${service.address}/v1/session`, files.cert, 'POST', { token: await service.token('operator') })
    expect(signedIn.status).toBe(200)
    expect(signedIn.headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-borderflow=.*; Secure; SameSite=Strict$/)])
    await expect(fetch(`${service.address.replace('https:', 'http:')}/health`)).rejects.toThrow()
  })

  it('does not start with files that are missing, broken or not of one another, and says which are meant', async () => {
    const files = await makeFiles('localhost')
    const other = await makeFiles('localhost')
    const broken = join(await temporaryFolder(), 'broken.pem')
    await writeFile(broken, 'no certificate')
    for (const tlsCertFile of [`${files.tlsCertFile}.none`, broken, other.tlsCertFile]) {
      const starting = serviceWith({ ...files, tlsCertFile })
      await expect(starting).rejects.toMatchObject({
        code: 'SETTINGS_INVALID', message: expect.stringContaining('BORDERFLOW_HTTP_TLS_CERT_FILE')
      })
    }
  })
})
