// The control socket: the command line asks the process that holds a data folder, over a Unix socket that only its
// owner can open. Operations are handed in; the socket knows none of them.
import { createHash } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance } from 'fastify'
import { BorderflowError, errorText } from '../core/errors.ts'
import { type Logger } from '../core/log.ts'

/** Bytes of a socket's path at most: what the kernel's address of it holds. */
const PATH_BYTES_MAX = 100

export type RunOperation = (name: string, parameters: unknown) => Promise<
{ value: unknown } | { stream: AsyncIterable<string | Uint8Array> }>

/** The path of the control socket of a data folder: in it, or, where that is too long, in the temporary folder. */
export function controlSocket (dataFolder: string): string {
  const path = join(resolve(dataFolder), 'control.sock')
  if (Buffer.byteLength(path) <= PATH_BYTES_MAX) return path
  return join(tmpdir(), `borderflow-${createHash('sha256').update(path).digest('hex').slice(0, 24)}.sock`)
}

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
    const result = await run(name, request.body ?? {})
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
