import { describe, expect, it } from 'vitest'
import { judge, shareOfHour } from '../../../serve/web/src/judge/level.ts'
import { judgeBorder, judgeTrust } from '../../../serve/web/src/judge/verdict.ts'
import type { Alert } from '../../../serve/web/src/types.ts'
import { fixtureBoard, troubledBoard } from '../../browser/fixture-board.ts'
import { fixtureAlert } from '../../browser/fixture-server.ts'

const band = { median: 100, low: 80, high: 130 }

describe('one count of an hour under way', () => {
  it('is normal where it should be by now, and wide enough for the part of an hour', () => {
    expect(judge(50, band, 0.5).level).toBe('normal')
    expect(judge(50, band, 0.5).byNow?.median).toBe(50)
    expect(judge(37, band, 0.5).level).toBe('normal')
    expect(judge(35, band, 0.5).level).toBe('below')
    expect(judge(72, band, 0.5).level).toBe('above')
  })

  it('is not judged low early, but is high as soon as the whole hour is passed', () => {
    expect(judge(0, band, 0.1).level).toBe('early')
    expect(judge(131, band, 0.1).level).toBe('above')
    expect(judge(0, null, 1).level).toBe('unknown')
  })

  it('knows how much of the hour has passed', () => {
    expect(shareOfHour('2026-11-22T07:45:00.000Z')).toBe(0.75)
  })
})

describe('the verdict', () => {
  it('is normal where nothing is wrong', () => {
    expect(judgeBorder(fixtureBoard(), [])).toMatchObject({ is: 'normal', tone: 'good', silent: [], surges: [] })
    expect(judgeTrust(fixtureBoard(), 'live')).toMatchObject({ is: 'trusted', reporting: 16, open: 16, reasons: [] })
  })

  it('names what is wrong', () => {
    expect(judgeBorder(troubledBoard(), [])).toMatchObject({ is: 'attention', silent: ['KHC-POI'], surges: ['KHC-DNG'] })
    expect(judgeTrust(troubledBoard(), 'live')).toMatchObject({ is: 'partly', reporting: 15, late: ['KHC-SAI'] })
  })

  it('is about firing alerts that nobody looks after', () => {
    const firing: Alert = fixtureAlert()
    expect(judgeBorder(fixtureBoard(), [firing])).toMatchObject({ is: 'attention', tone: 'bad', firing: 1 })
    const known: Alert = fixtureAlert({ acknowledgedAt: '2026-11-22T07:00:00.000Z' })
    expect(judgeBorder(fixtureBoard(), [known, fixtureAlert({ state: 'pending' })]).is).toBe('normal')
  })

  it('does not trust figures of a lost connection, of failed checks or of few gates', () => {
    expect(judgeTrust(fixtureBoard(), 'lost').is).toBe('doubtful')
    expect(judgeTrust(fixtureBoard(board => { board.integrity.ok = false }), 'live').is).toBe('doubtful')
    const silent = fixtureBoard(board => {
      for (const gate of Object.values(board.checkpoints).slice(0, 20)) if (gate.feed.state === 'live') gate.feed.state = 'silent'
    })
    expect(judgeTrust(silent, 'live').is).toBe('doubtful')
    expect(judgeTrust(fixtureBoard(board => { board.gapsOpen = 1 }), 'live')).toMatchObject({ is: 'partly', reasons: ['gaps'] })
  })
})
