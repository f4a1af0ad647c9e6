// The control socket: the command line asks the process that holds a data folder, over a Unix socket that only its
// owner can open. Operations are handed in; the socket knows none of them.
import { chmodSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { BorderflowError, errorText } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { controlSocket } from './control-socket.ts'

export { controlSocket } from './control-socket.ts'

/** Who asks: the token they sent, and the system user they say they are. Only the owner of the folder can ask. */
export interface Claim { token: string | null, local: string }

export type RunOperation = (name: string, parameters: unknown, claim: Claim) => Promise<
{ value: unknown } | { stream: AsyncIterable<string | Uint8Array> }>

/** Listens on the control socket of a data folder that this process holds. */
export async function startControlServer (
  dataFolder: string, run: RunOperation, log: Logger
): Promise<FastifyInstance> {
  const path = controlSocket(dataFolder)
  // The folder is ours (its file is locked), so a socket that is there was left by a process that is gone.
  rmSync(path, { force: true })
  const server = Fastify({ logger: false })
  server.post('/operations/:name', async (request, reply) => {
    const { name } = request.params as { name: string }
    const result = await run(name, request.body ?? {}, claimOf(request))
    if ('value' in result) return await reply.send({ value: result.value ?? null })
    return await reply.type('application/octet-stream').send(Readable.from(result.stream))
  })
  server.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof BorderflowError) {
      return await reply.code(422).send({ code: error.code, message: error.message })
    }
    log.error({ error: errorText(error) }, 'an operation failed')
    return await reply.code(500).send({ message: errorText(error) })
  })
  const mask = process.umask(0o177)
  try {
    await server.listen({ path })
  } finally {
    process.umask(mask)
  }
  chmodSync(path, 0o600)
  return server
}

function claimOf ({ headers }: FastifyRequest): Claim {
  const user = headers['x-borderflow-user']
  return {
    token: /^Bearer (\S{1,512})$/.exec(headers.authorization ?? '')?.[1] ?? null,
    local: typeof user === 'string' && /^[\w.~%-]{1,256}$/.test(user) ? decoded(user) : 'local:unknown'
  }
}

function decoded (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return 'local:unknown'
  }
}
