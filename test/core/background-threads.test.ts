import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { getPriority, platform } from 'node:os'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../core/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe.skipIf(platform() !== 'linux')('threads in the background', () => {
  it('of a database give way to the one that answers, which stays as it was', async () => {
    const before = new Set(threads())
    const own = getPriority(process.pid)
    const database = await openDatabase({ path: join(await temporaryFolder(), 'a.duckdb'), memoryLimitMb: 128, threads: 3 })
    const started = threads().filter(id => !before.has(id))
    // One that computes is the caller's own.
    expect(started.length).toBeGreaterThanOrEqual(2)
    for (const id of started) expect(getPriority(id)).toBe(5)
    expect(getPriority(process.pid)).toBe(own)
    await database.close()
  })
})

const threads = (): number[] => readdirSync('/proc/self/task').map(Number)
