// The state of feeds, and surges, as they are asked for on the command line.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { businessDay, formatDay } from '../../core/civil-date.ts'
import type { Feed, Surge } from '../../dags/baseline/index.ts'
import { answerOf, folderOfFile, jsonOf, runProgram } from '../support/program.ts'

const folder = folderOfFile()
/** An airport, open round the clock. */
const GATE = 'KHC-SAI'
const PER_HOUR = 4
const nowMs = Date.now()
const today = businessDay(nowMs)
const surgeDay = formatDay(today - 7)
let data: string

beforeAll(async () => {
  data = join(folder(), 'data')
  const file = join(folder(), 'crossings.ndjson')
  const peak = Array.from({ length: 400 }, (_, i) => crossing(`peak-${i}`, `${surgeDay}T10:30:00`))
  await writeFile(file, [...history(), ...peak].join('\n'))
  await answerOf(['ingest', file, '--received-at', new Date(nowMs).toISOString(), '--data', data])
})

describe('feeds', () => {
  it('tells the state of every open gate, with what is expected of it', async () => {
    const feeds = await jsonOf<Feed[]>(['feeds', '--data', data])
    expect(feeds.length).toBeGreaterThan(20)
    const gate = feeds.find(({ checkpoint }) => checkpoint === GATE)!
    // All of it came just now, weeks after the event.
    expect(gate).toMatchObject({ source: 'gdi.crossing.v1', state: 'late', seen: 0, silentSinceMs: null, lastReceivedAtMs: nowMs })
    expect(gate.expected).toBeGreaterThanOrEqual(0)
    expect(gate.expected).toBeLessThanOrEqual(PER_HOUR)
    const others = feeds.filter(({ checkpoint }) => checkpoint !== GATE)
    for (const { state } of others) expect(['unknown', 'closed']).toContain(state)
  })

  it('prints it as a table', async () => {
    const table = await answerOf(['feeds', '--data', data])
    expect(table).toMatch(/source +│ checkpoint +│ state +│ expected +│ seen/)
    expect(table).toMatch(/gdi\.crossing\.v1 +│ KHC-SAI +│ late/)
  })
})

describe('feeds --surges', () => {
  it('tells the hours with far more people than is normal', async () => {
    const surges = await jsonOf<Surge[]>(['feeds', '--surges', '--from', surgeDay, '--data', data])
    const hours = surges.filter(({ hour }) => hour !== null)
    expect(hours).toEqual([expect.objectContaining({
      checkpoint: GATE, businessDate: surgeDay, hour: 10, direction: 'arrival', seen: 400 + PER_HOUR, expected: PER_HOUR
    })])
    expect(await answerOf(['feeds', '--surges', '--from', surgeDay, '--data', data]))
      .toMatch(new RegExp([surgeDay, '10', GATE, 'arrival', '404', '4 '].join(' +│ +')))
  })

  it('says that there are none', async () => {
    expect(await answerOf(['feeds', '--surges', '--data', data])).toBe('no surges\n')
  })
})

describe('wrong use', () => {
  it.each([
    { args: ['feeds', '--from', '2026-01-01'], says: '--from and --to with --surges' },
    { args: ['feeds', '--surges', '--from', 'yesterday'], says: 'a date YYYY-MM-DD' },
    { args: ['feeds', '--surges', '--from', '2026-01-02', '--to', '2026-01-01'], says: 'a date from 2026-01-02 onwards' },
    { args: ['feeds', '--surge'], says: 'Did you mean --surges?' }
  ])('says what is expected: $args', async ({ args, says }) => {
    const ended = await runProgram([...args, '--data', data])
    expect(ended.stderr).toContain(says)
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: '' })
  })
})

/** Every hour of the weekdays of today and tomorrow, for as many weeks as are ever compared. */
function history (): string[] {
  const lines: string[] = []
  for (let week = 1; week <= 17; week++) {
    for (const date of [today, today + 1].map(day => formatDay(day - 7 * week))) {
      for (let hour = 0; hour < 24; hour++) {
        for (let i = 0; i < PER_HOUR; i++) {
          lines.push(crossing(`${date}-${hour}-${i}`, `${date}T${String(hour).padStart(2, '0')}:${10 + i * 10}:00`))
        }
      }
    }
  }
  return lines
}

function crossing (id: string, local: string): string {
  return JSON.stringify({
    contract: 'gdi.crossing.v1',
    event_id: id,
    revision: 1,
    action: 'record',
    occurred_at: `${local}+07:00`,
    recorded_at: `${local}+07:00`,
    checkpoint: GATE,
    direction: 'arrival',
    decision: 'admitted',
    document: { type: 'passport', issuing_state: 'DEU', number: id.replaceAll('-', '') },
    traveller: { nationality: 'DEU', sex: 'F' },
    visa: { class: 'T' }
  })
}
