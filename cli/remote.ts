// The other end of the control socket: runs an operation in the process that holds the data folder.
import { existsSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { type CallerClaim, localClaim } from './claim.ts'
import { BorderflowError, type ErrorCode } from '../core/errors.ts'
import type { OperationResult } from './operations/operation.ts'
import { controlSocket } from '../serve/control-socket.ts'

/** Runs an operation through the socket of a data folder; null if no process listens there. */
export async function runRemotely (
  dataFolder: string, name: string, parameters: unknown, claim: CallerClaim = localClaim()
): Promise<OperationResult | null> {
  const socketPath = controlSocket(dataFolder)
  if (!existsSync(socketPath)) return null
  const response = await post(socketPath, `/operations/${encodeURIComponent(name)}`, JSON.stringify(parameters), claim)
  if (response === null) return null
  if (response.statusCode === 200 && response.headers['content-type']?.startsWith('application/octet-stream')) {
    return { stream: response as AsyncIterable<Uint8Array> }
  }
  const body = JSON.parse(await textOf(response)) as { value?: unknown, code?: ErrorCode, message?: string }
  if (response.statusCode === 200) return { value: body.value }
  throw remoteError(body.code, body.message ?? 'the running process failed')
}

/** The error as the other process had it: its message is whole already. */
function remoteError (code: ErrorCode | undefined, message: string): Error {
  if (code === undefined) return new Error(message)
  const error = new BorderflowError(code, { expected: '', found: '' })
  error.message = message
  return error
}

async function post (
  socketPath: string, path: string, body: string, { token, local }: CallerClaim
): Promise<IncomingMessage | null> {
  return await new Promise((resolve, reject) => {
    const call = request({
      socketPath,
      path,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-borderflow-user': encodeURIComponent(local),
        ...(token === null ? {} : { authorization: `Bearer ${token}` })
      }
    }, resolve)
    call.on('error', (error: NodeJS.ErrnoException) => {
      // Nobody listens: the socket was left behind by a process that is gone.
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(null)
      else reject(error)
    })
    call.end(body)
  })
}

async function textOf (response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of response) text += Buffer.from(part as Uint8Array).toString('utf8')
  return text
}
