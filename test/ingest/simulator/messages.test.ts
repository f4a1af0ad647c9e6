import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../../core/civil-date.ts'
import { parseInstant } from '../../../core/instant.ts'
import { decodeMessage } from '../../../ingest/decode/decode.ts'
import { checkpointOf, faultsOf, idOf, type Message } from './check-message.ts'
import { crossingsOf, groupBy, isForeign, simulate } from './simulate.ts'
import { eventsOf, simulateDays } from '../../../ingest/simulator/index.ts'

const run = simulate({ seed: 11, scale: 0.02, from: '2024-09-01', to: '2024-09-20', lostShare: 0.002 })

describe('the messages of a run', () => {
  it('all satisfy the shapes of their contracts', () => {
    const faults = run.flatMap(({ message }) => faultsOf(message).map(field => `${idOf(message)} ${field}`))
    expect(faults).toEqual([])
    expect(run.length).toBeGreaterThan(15_000)
  })

  it('state no field that the contracts do not know', () => {
    const drifting = run.map(({ text }) => decodeMessage(Buffer.from(text)))
      .filter(decoded => !decoded.accepted || decoded.drift)
    expect(drifting).toEqual([])
  })

  it('have ids of their own: an id and revision met again is the same message sent again', () => {
    const groups = groupBy(run, ({ message }) => `${message.contract} ${idOf(message)} ${message.revision}`)
    const repeated = [...groups.values()].filter(group => group.length > 1)
    expect(repeated.filter(group => new Set(group.map(({ text }) => text)).size > 1)).toEqual([])
    expect(repeated.length / groups.size).toBeGreaterThan(0.001)
    expect(repeated.length / groups.size).toBeLessThan(0.006)
  })

  it('correct or void only an id that was sent before, one revision after the other', () => {
    const latest = new Map<string, number>()
    let corrections = 0
    let voids = 0
    for (const { message } of run) {
      const key = `${message.contract} ${idOf(message)}`
      const before = latest.get(key) ?? 0
      expect(message.revision).toBeLessThanOrEqual(before + 1)
      if (message.revision > before && before > 0) corrections++
      if (message.action === 'void') voids++
      latest.set(key, Math.max(before, message.revision))
    }
    expect(corrections / run.length).toBeGreaterThan(0.002)
    expect(corrections / run.length).toBeLessThan(0.006)
    expect(voids).toBeGreaterThan(0)
  })

  it('are sent when recorded or, sent again, later; some are recorded days after they occurred', () => {
    let late = 0
    for (const { atMs, message } of run) {
      if (message.recorded_at === undefined) continue
      expect(atMs).toBeGreaterThanOrEqual(parseInstant(message.recorded_at)!)
      if (message.occurred_at === undefined) continue
      if (parseInstant(message.recorded_at)! - parseInstant(message.occurred_at)! > 86_000_000) late++
    }
    expect(late / run.length).toBeGreaterThan(0.002)
    expect(late / run.length).toBeLessThan(0.02)
  })

  it('are about 600 bytes for a crossing', () => {
    const crossings = run.filter(({ message }) => message.contract === 'gdi.crossing.v1')
    const mean = crossings.reduce((sum, { text }) => sum + text.length, 0) / crossings.length
    expect(mean).toBeGreaterThan(540)
    expect(mean).toBeLessThan(660)
  })

  it('are taken at gates within their hours', () => {
    const hours: Record<string, [number, number]> = { 'KHC-POI': [6, 22], 'KHC-OSM': [6, 22], 'KHC-CHM': [7, 22] }
    let seen = 0
    for (const { message } of run) {
      const span = message.contract === 'gdi.crossing.v1' && message.action === 'record'
        ? hours[checkpointOf(message)]
        : undefined
      if (span === undefined) continue
      const hour = Number(message.occurred_at.slice(11, 13))
      expect(hour).toBeGreaterThanOrEqual(span[0])
      expect(hour).toBeLessThan(span[1])
      seen++
    }
    expect(seen).toBeGreaterThan(1000)
  })
})

describe('bad messages', () => {
  it('are the share asked for, and the others stay valid', () => {
    let bad = 0
    let all = 0
    for (const { events } of simulateDays({ seed: 3, scale: 0.02, from: '2025-10-01', to: '2025-10-03', badShare: 0.1 })) {
      for (const { json } of eventsOf(events)) {
        all++
        if (isBad(json)) bad++
      }
    }
    // Bad ones are wrong by our checks but one kind: a byte that is not UTF-8.
    expect(bad / all).toBeGreaterThan(0.08)
    expect(bad / all).toBeLessThan(0.12)
  })

  it('are none unless asked for', () => {
    const days = [...simulateDays({ seed: 3, scale: 0.01, from: '2025-10-01', to: '2025-10-03' })]
    expect(days.flatMap(({ events }) => [...eventsOf(events)]).filter(({ json }) => isBad(json))).toEqual([])
  })

  function isBad (json: Buffer): boolean {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(json)
      const message = JSON.parse(text) as Message
      return faultsOf(message).length > 0 || /"20[9]\d-|"number":"--"/.test(text)
    } catch {
      return true
    }
  }
})

describe('people', () => {
  // Nothing that occurs in the first 16 days is recorded after the 22nd.
  const crossings = crossingsOf({ seed: 2, scale: 0.03, from: '2025-01-01', to: '2025-01-22' })
    .filter(({ occurred_at: at, decision }) => at < '2025-01-17' && decision === 'admitted')
  const travellers = groupBy(crossings, ({ document }) => `${document.issuing_state} ${document.number}`)

  it('leave only after they came, foreigners, and come home only after they left, or unseen, Cambodians', () => {
    let returns = 0
    for (const group of travellers.values()) {
      group.sort((a, b) => a.occurred_at.localeCompare(b.occurred_at))
      const begins = isForeign(group[0]!) ? 'arrival' : group[0]!.direction
      group.forEach((message, i) => {
        const other = begins === 'arrival' ? 'exit' : 'arrival'
        expect(message.direction).toBe(i % 2 === 0 ? begins : other)
      })
      if (isForeign(group[0]!) && group.length > 2) returns++
    }
    expect(returns).toBeGreaterThan(100)
  })

  it('stay who they are from crossing to crossing', () => {
    for (const group of travellers.values()) {
      expect(new Set(group.map(({ traveller }) => JSON.stringify(traveller))).size).toBe(1)
      expect(new Set(group.map(({ document }) => document.type)).size).toBe(1)
    }
  })

  it('bring children, who say whom they are with', () => {
    const children = crossings.filter(({ accompaniment }) => accompaniment !== undefined)
    const with_ = new Set(children.map(({ accompaniment }) => accompaniment))
    expect(children.length / crossings.length).toBeGreaterThan(0.03)
    expect(with_).toContain('parent')
    const births = children.map(({ traveller }) => traveller.date_of_birth).filter(birth => birth !== undefined)
    expect(births.filter(birth => birth < '2007')).toEqual([])
  })

  it('overstay now and then', () => {
    const longer = crossingsOf({ seed: 2, scale: 0.01, from: '2025-01-01', to: '2025-02-28' })
    const byDocument = groupBy(longer.filter(isForeign), ({ document }) => `${document.issuing_state} ${document.number}`)
    const overstays = [...byDocument.values()].filter(group => {
      const [arrival, exit] = group
      const until = arrival?.visa?.permitted_until
      return until !== undefined && exit !== undefined && exit.occurred_at.slice(0, 10) > until
    })
    expect(overstays.length / byDocument.size).toBeGreaterThan(0.002)
    expect(overstays.length / byDocument.size).toBeLessThan(0.03)
  })

  it('register in time, late or never, and extend what they may', () => {
    const sent = simulate({ seed: 2, scale: 0.01, from: '2025-01-01', to: '2025-02-28', duplicateShare: 0 })
    expect(sent.flatMap(({ message }) => faultsOf(message))).toEqual([])
    const registered = sent.map(({ message }) => message).filter(({ contract }) => contract === 'fpcs.registration.v1')
    const inTime = registered.filter(({ registered_at: at, check_in: checkIn }) =>
      String(at).slice(0, 10) <= formatDay(parseDay(String(checkIn))! + 1))
    expect(registered.length).toBeGreaterThan(1000)
    expectBetween(inTime.length / registered.length, 0.6, 0.92)
    const extensions = sent.filter(({ message }) => message.contract === 'gdi.extension.v1')
    expect(extensions.length).toBeGreaterThan(100)
    const known = new Set(sent.filter(({ message }) => message.contract === 'gdi.crossing.v1' && message.action === 'record')
      .map(({ message }) => message.document.number))
    const strangers = extensions.filter(({ message }) => !known.has(message.document.number))
    // Lost arrivals, and those recorded after the run's end.
    expect(strangers.length / extensions.length).toBeLessThan(0.02)
  })
})

function expectBetween (found: number, low: number, high: number): void {
  expect(found).toBeGreaterThan(low)
  expect(found).toBeLessThan(high)
}
