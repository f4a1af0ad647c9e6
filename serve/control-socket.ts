// Where the control socket of a data folder is: apart from the server, so that who asks loads no server.
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Bytes of a socket's path at most: what the kernel's address of it holds. */
const PATH_BYTES_MAX = 100

/** The path of the control socket of a data folder: in it, or, where that is too long, in the temporary folder. */
export function controlSocket (dataFolder: string): string {
  const path = join(resolve(dataFolder), 'control.sock')
  if (Buffer.byteLength(path) <= PATH_BYTES_MAX) return path
  return join(tmpdir(), `borderflow-${createHash('sha256').update(path).digest('hex').slice(0, 24)}.sock`)
}
