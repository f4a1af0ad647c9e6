// Eight readers of an answer of many megabytes, each of which takes a piece of it a second.
import type { IncomingMessage } from 'node:http'
import { systemClock } from '../../core/clock.ts'
import type { Service } from '../../main.ts'
import { createAccess } from '../../sinks/control/access.ts'
import { LONG_ANSWER, openSlowly, writeLongAnswer } from '../../test/support/slow-reader.ts'

const READERS = 8
const PIECE_EVERY_MS = 1000
const ROWS = 600_000

/** Gives a service a long answer and reads it eight times, slowly. Returns what ends the readers. */
export async function readSlowly ({ address, runtime: { warehouse, control } }: Service): Promise<() => void> {
  await writeLongAnswer(warehouse, ROWS)
  const access = { name: 'bench', role: 'statistician', expiresAtMs: null } as const
  const { token } = await createAccess(control, access, systemClock.now())
  const readers: IncomingMessage[] = []
  for (let i = 0; i < READERS; i++) {
    const reader = await openSlowly(`${address}${LONG_ANSWER}`, token)
    if (reader.statusCode !== 200) throw new Error(`the long answer: ${reader.statusCode}`)
    // After each piece it waits until it is told to go on.
    reader.on('data', () => { reader.pause() })
    readers.push(reader)
  }
  const reading = setInterval(() => {
    for (const reader of readers) reader.resume()
  }, PIECE_EVERY_MS)
  return () => {
    clearInterval(reading)
    if (readers.some(reader => reader.complete)) throw new Error('a slow reader came to the end: the answer is too short')
    for (const reader of readers) reader.destroy()
  }
}
