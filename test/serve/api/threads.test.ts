// Threads of DuckDB in a service: a core is left to what answers and decodes, unless a setting says otherwise.
import { availableParallelism } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { readRows, servingThreads } from '../../../core/database.ts'
import { type RunningService, runService } from './running-service.ts'

let service: RunningService | undefined
afterEach(async () => { await service?.stop() })

async function threadsOf ({ runtime }: RunningService): Promise<number> {
  const [row] = await runtime.warehouse.exclusive(async connection =>
    await readRows<{ threads: bigint }>(connection, "select current_setting('threads') as threads"))
  return Number(row?.threads)
}

describe('threads of DuckDB in a service', () => {
  it('are one less than the cores, and never none', async () => {
    expect([1, 2, 3, 8].map(servingThreads)).toEqual([1, 1, 2, 7])
    service = await runService()
    expect(await threadsOf(service)).toBe(servingThreads(availableParallelism()))
  })

  it('are as many as a setting says', async () => {
    service = await runService({}, { database: { threads: 3 } })
    expect(await threadsOf(service)).toBe(3)
  })
})
