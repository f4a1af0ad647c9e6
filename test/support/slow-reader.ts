// An answer of many megabytes, and readers that begin to read it and stop.
import { get, type IncomingMessage } from 'node:http'
import { loadSql } from '../../core/sql.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'

/** Each row of the flows is a row of its own in this answer. */
export const LONG_ANSWER = '/v1/tables/flows/data?by=business_date,nationality&format=ndjson'

/** Gives a warehouse so many rows of flows; loading as many would take long. */
export async function writeLongAnswer (warehouse: Warehouse, rows: number): Promise<void> {
  await warehouse.exclusive(async connection => {
    await connection.run(loadSql('test/support/long-answer.sql'), { rows })
  })
}

/** Begins to read an answer, and stops after its first bytes. */
export async function openSlowly (url: string, token: string): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    get(url, { headers: { authorization: `Bearer ${token}` } }, response => {
      // Broken off when the service stops.
      response.on('error', () => {})
      response.once('data', () => {
        response.pause()
        resolve(response)
      })
    }).on('error', reject)
  })
}
