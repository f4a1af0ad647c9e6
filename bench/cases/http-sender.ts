// Sends the input to the intake, batch after batch over a few connections, once the case that started it says so.
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { post } from '../../ingest/simulator/index.ts'
import { argument } from '../measure.ts'

const BATCH_MESSAGES = 1_000
const REQUESTS = 4
const NEWLINE = 10

const bodies = readdirSync(argument('input')).sort().flatMap(file => batches(readFileSync(join(argument('input'), file))))
process.send?.('ready')
const [target] = await once(process, 'message') as [{ url: string, token: string }]
let next = 0
await Promise.all(Array.from({ length: REQUESTS }, async () => {
  for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(target, body)
}))
process.exit(0)

function batches (bytes: Buffer): Buffer[] {
  const bodies: Buffer[] = []
  let start = 0
  let lines = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) {
    if (++lines % BATCH_MESSAGES === 0) {
      bodies.push(bytes.subarray(start, end + 1))
      start = end + 1
    }
  }
  if (start < bytes.length) bodies.push(bytes.subarray(start))
  return bodies
}
