// Who is told of alerts, on loopback: a webhook that answers as it is told, and a mail server.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'
import type { Notice } from '../../../dags/alerts/notice.ts'

export interface Received { headers: IncomingHttpHeaders, body: string, notice: Notice }

export interface Webhook { url: string, received: Received[] }

/**
 * A webhook that is closed when the test has ended.
 * @param answer the status of the answer to the request of this number, from 0; null for none at all
 */
export async function startWebhook (answer: (request: number) => number | null = () => 204): Promise<Webhook> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void text(request).then(body => {
      received.push({ headers: request.headers, body, notice: JSON.parse(body) as Notice })
      const status = answer(received.length - 1)
      if (status !== null) response.writeHead(status, { location: '/elsewhere' }).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, received }
}

export interface Mail { from: string, to: string[], text: string }

/** A mail server without TLS that takes what `accepts` lets in, closed when the test has ended. */
export async function startMailServer (accepts: () => boolean = () => true): Promise<{ url: string, mails: Mail[] }> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData (stream, session, callback) {
      void text(stream).then(content => {
        if (!accepts()) {
          callback(new Error('not now'))
          return
        }
        const { mailFrom, rcptTo } = session.envelope
        mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), text: content })
        callback()
      })
    }
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(async () => { await new Promise<void>(resolve => { server.close(resolve) }) })
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails }
}
