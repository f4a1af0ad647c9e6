// Eight readers of an answer of many megabytes, each of which takes a piece of it a second.
import { get, type IncomingMessage } from 'node:http'
import { systemClock } from '../../core/clock.ts'
import { loadSql } from '../../core/sql.ts'
import type { Service } from '../../main.ts'
import { createAccess } from '../../sinks/control/access.ts'

const READERS = 8
const PIECE_EVERY_MS = 1000
const PATH = '/v1/tables/flows/data?by=business_date,nationality&format=ndjson'

/** Gives a service a long answer and reads it eight times, slowly. Returns what ends the readers. */
export async function readSlowly ({ address, runtime: { warehouse, control } }: Service): Promise<() => void> {
  await warehouse.exclusive(async connection => { await connection.run(loadSql('bench/long-answer.sql')) })
  const access = { name: 'bench', role: 'statistician', expiresAtMs: null } as const
  const { token } = await createAccess(control, access, systemClock.now())
  const readers: IncomingMessage[] = []
  for (let i = 0; i < READERS; i++) readers.push(await begin(`${address}${PATH}`, token))
  const reading = setInterval(() => {
    for (const reader of readers) reader.resume()
  }, PIECE_EVERY_MS)
  return () => {
    clearInterval(reading)
    if (readers.some(reader => reader.complete)) throw new Error('a slow reader came to the end: the answer is too short')
    for (const reader of readers) reader.destroy()
  }
}

/** Resolves with the first piece of an answer; after each piece the reader waits until it is told to go on. */
async function begin (url: string, token: string): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    get(url, { headers: { authorization: `Bearer ${token}` } }, response => {
      if (response.statusCode !== 200) reject(new Error(`the long answer: ${response.statusCode}`))
      // Broken off when the case ends.
      response.on('error', () => {})
      response.on('data', () => {
        response.pause()
        resolve(response)
      })
    }).on('error', reject)
  })
}
