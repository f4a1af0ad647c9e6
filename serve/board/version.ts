// One state of the board as it is sent: text, its tag, and compressed once for all who ask for it so.
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Board } from './board-schema.ts'

export type Encoding = 'br' | 'gzip' | 'identity'

export interface BoardVersion {
  /** Counts up by one; the first is 1. */
  number: number
  /** The id of this state in the stream: other processes have others. */
  id: string
  board: Board
  body: Buffer
  etag: string
  /** The body in an encoding; made when it is first asked for. */
  encoded (encoding: Encoding): Promise<Buffer>
}

const compressGzip = promisify(gzip)
const compressBrotli = promisify(brotliCompress)
/** Quick enough to be made every second, and nearly as small as the slowest. */
const BROTLI_QUALITY = 5

export function createVersion (board: Board, number: number, process: string): BoardVersion {
  const body = Buffer.from(JSON.stringify(board))
  const made = new Map<Encoding, Promise<Buffer>>([['identity', Promise.resolve(body)]])
  const id = `${process}-${number}`
  return {
    number,
    id,
    board,
    body,
    etag: `W/"${id}"`,
    async encoded (encoding) {
      let encoded = made.get(encoding)
      if (encoded === undefined) {
        encoded = encoding === 'gzip'
          ? compressGzip(body)
          : compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
        made.set(encoding, encoded)
      }
      return await encoded
    }
  }
}

/** The best of our encodings that a client takes, by its Accept-Encoding. */
export function chooseEncoding (accepted: string | undefined): Encoding {
  const refused = (name: string): boolean => new RegExp(`(^|,)\\s*${name}\\s*;\\s*q=0(\\.0*)?\\s*(,|$)`, 'i').test(accepted ?? '')
  const names = (accepted ?? '').split(',').map(item => (item.split(';')[0] ?? '').trim().toLowerCase())
  return (['br', 'gzip'] as const).find(name => names.includes(name) && !refused(name)) ?? 'identity'
}
