// Spellings of checkpoints: folding, dates, and what can never happen.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDay } from '../../../core/civil-date.ts'
import { foldAlias, loadCodeLists } from '../../../schemas/code-lists/index.ts'

const lists = loadCodeLists()
const day = (text: string) => parseDay(text) as number
const resolve = (text: string, on = '2026-09-20') => {
  const found = lists.resolveCheckpoint(text, day(on))
  return typeof found === 'string' ? found : found.code
}

describe('foldAlias', () => {
  it('keeps letters, marks and digits in lower case', () => {
    expect(foldAlias(" O'Smach (Km-13) ")).toBe('osmachkm13')
    expect(foldAlias('Trapeang\u00a0Kreal\u200b')).toBe('trapeangkreal')
    expect(foldAlias("-/' .")).toBe('')
  })

  it('composes before it compares', () => expect(foldAlias('Cafe\u0301')).toBe(foldAlias('CAF\u00c9')))

  it('reads the Khmer subscript da as ta, also when something stands between its two characters', () => {
    expect(foldAlias('កណ្\u178aាល')).toBe('កណ្\u178fាល')
    expect(foldAlias('កណ\u17d2\u200b\u178aាល')).toBe(foldAlias('កណ\u17d2\u178fាល'))
    expect(foldAlias('ដូង')).toBe('ដូង')
  })
})

describe('resolveCheckpoint', () => {
  it('takes code, names with and without parentheses, Khmer name, IATA, ICAO and UN/LOCODE', () => {
    for (const text of [
      'KHC-PPP', ' khc-ppp ', 'KHCPPP', 'Phnom Penh Autonomous Port (Mekong/Tonle Sap)',
      'phnom-penh autonomous port', 'កំពង់ផែស្វយ័តភ្នំពេញ', 'KHPNH'
    ]) expect([text, resolve(text)]).toEqual([text, 'KHC-PPP'])
    for (const text of ['SAI', 'vdsa', 'អាកាសយានដ្ឋានអន្តរជាតិសៀមរាប-អង្គរ']) expect(resolve(text)).toBe('KHC-SAI')
    expect(resolve('KOS')).toBe('KHC-KOS')
    expect(resolve('KHKOS')).toBe('KHC-PAS')
  })

  it('reads subscript da for ta in a name', () => {
    const name = lists.checkpoints.find(entry => entry.code === 'KHC-PNH')?.nameKm ?? ''
    expect(name).toContain('\u17d2\u178f')
    expect(resolve(name.replaceAll('\u17d2\u178f', '\u17d2\u178a'), '2024-01-01')).toBe('KHC-PNH')
  })

  it('takes the spellings met in sources', () => {
    const spellings = {
      'KHC-POI': ['Poi Pet', 'Paoy Paet', 'ប៉ោយប៉ែត'],
      'KHC-STB': ['Stung Bo', 'Stung But', 'Steoung Bat', 'Stueng Bat'],
      'KHC-CYM': ['Chamyeam', 'Koh Kong', 'Hat Lek'],
      'KHC-OSM': ['Osmach', 'O Smach', 'Ou Smach'],
      'KHC-CHM': ['Chuam', 'Chong Sa-Ngam'],
      'KHC-DNG': ['Doung', 'Daung Lem', 'Laem Duong'],
      'KHC-PRM': ['Prum', 'Psar Pruhm'],
      'KHC-PDY': ['Phnom Dey', 'Phnom Dev', 'Phnum Dei'],
      'KHC-CBK': ['Chub Koki', 'Chup Koki', 'Choub Koki', 'Chob Kokir'],
      'KHC-KSN': ['Kaorm Samnor', 'Khaorm Samnor', 'Kha Orm Sam Nor', "K'am Samnar", 'Kaomsamno'],
      'KHC-TPK': ['Trapeang Kriel', 'Tropaeng Kreal', 'Trapaing Kriel', 'Dom Kralor', 'Voeung Kam'],
      'KHC-TPP': ['Trapang Phlong', 'Trapeing Phlong'],
      'KHC-TSR': ['Trapeang Srer', 'Trapeang Srae'],
      'KHC-OYD': ['O Yadaw', 'Ou Ya Dav', 'Oyadav'],
      'KHC-PCK': ['Prek Chark', 'Preaek Chak'],
      'KHC-MNC': ['Mon Chey', 'Mon Chay'],
      'KHC-BTC': ['Banteay Chakrei']
    }
    for (const [code, texts] of Object.entries(spellings)) for (const text of texts) expect(resolve(text)).toBe(code)
  })

  it('closes KTI before its date and never takes it for Kratié', () => {
    for (const text of ['KTI', 'kti', 'VDTI', 'KHC-KTI', 'Techo International Airport']) {
      expect([text, resolve(text, '2025-09-08')]).toEqual([text, 'checkpoint_closed'])
      expect([text, resolve(text, '2025-09-09')]).toEqual([text, 'KHC-KTI'])
    }
  })

  it('has both airports of Phnom Penh open on the day of the change', () => {
    expect([resolve('PNH', '2025-09-09'), resolve('KTI', '2025-09-09')]).toEqual(['KHC-PNH', 'KHC-KTI'])
    for (const text of ['PNH', 'KHC-PNH']) expect(resolve(text, '2025-09-10')).toBe('checkpoint_closed')
  })

  it('does not know other names, nor a text without letters or digits', () => {
    for (const text of ['BKK', 'NOWHERE', 'KHC-ZZZ', '-', ' ', '', '__proto__', 'Mekong', 'Gotham']) {
      expect([text, resolve(text)]).toEqual([text, 'checkpoint_unknown'])
    }
  })

  it('never throws, whatever the text', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }))
    fc.assert(fc.property(texts, fc.integer({ min: -1e6, max: 1e6 }), (text, on) => {
      const found = lists.resolveCheckpoint(text, on)
      expect(typeof found === 'object' || found === 'checkpoint_unknown' || found === 'checkpoint_closed').toBe(true)
    }))
  })

  it('does not mind case, spaces and punctuation', () => {
    const aliases = fc.constantFrom(...lists.checkpoints.flatMap(({ nameEn, nameKm, iata, code }) =>
      [nameEn, nameKm, iata, code].filter(text => text !== '')))
    const forEachLetter = { minLength: 80, maxLength: 80 }
    const gap = fc.constantFrom('', ' ', '-', "'", '.', '(', ')', '/', '\t', '\u200b', '\u00a0')
    const noise = fc.array(gap, forEachLetter)
    const upper = fc.array(fc.boolean(), forEachLetter)
    const days = fc.integer({ min: day('2000-01-01'), max: day('2030-01-01') })
    fc.assert(fc.property(aliases, noise, upper, days, (alias, gaps, capitals, on) => {
      const changed = [...alias].map((letter, index) =>
        `${capitals[index] === true ? letter.toUpperCase() : letter.toLowerCase()}${gaps[index] ?? ''}`).join('')
      expect(lists.resolveCheckpoint(changed, on)).toBe(lists.resolveCheckpoint(alias, on))
    }))
  })

  it('still answers right after more different spellings than it remembers', () => {
    for (let n = 0; n < 10_000; n++) {
      const text = [...'Poipet'].map((letter, index) => letter + ' '.repeat(Math.floor(n / 5 ** index) % 5)).join('')
      expect(resolve(text)).toBe('KHC-POI')
    }
    expect(resolve('PNH', '2026-01-01')).toBe('checkpoint_closed')
  })
})
