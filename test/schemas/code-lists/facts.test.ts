// The facts that the first versions of the lists must hold.
import { describe, expect, it } from 'vitest'
import { parseDay } from '../../../core/civil-date.ts'
import { loadCodeLists } from '../../../schemas/code-lists/index.ts'

const lists = loadCodeLists()
const day = (text: string) => parseDay(text) as number
const today = day('2026-09-20')
const codesOf = (...args: Parameters<typeof lists.codes>) => lists.codes(...args).map(entry => entry.code)

/** Whether a checkpoint is open on each day, found by asking, not by reading its row. */
function openOn (code: string, ...days: string[]) {
  return days.map(text => typeof lists.resolveCheckpoint(code, day(text)) === 'object')
}

describe('checkpoints', () => {
  it('are the 39 gates of the reference, with their default mode', () => {
    expect(lists.checkpoints).toHaveLength(39)
    const byMode = (mode: string) =>
      lists.checkpoints.filter(entry => entry.mode === mode).map(entry => entry.code).toSorted()
    expect(byMode('air')).toEqual(['KHC-DSY', 'KHC-KOS', 'KHC-KTI', 'KHC-PNH', 'KHC-REP', 'KHC-SAI'])
    expect(byMode('sea')).toEqual(['KHC-KEP', 'KHC-KPT', 'KHC-PAS'])
    expect(byMode('river')).toEqual(['KHC-KCT', 'KHC-PPP'])
    expect(byMode('land')).toHaveLength(28)
    expect(byMode('land')).toEqual(expect.arrayContaining(['KHC-KRK', 'KHC-KSN', 'KHC-CTM']))
  })

  it('lie in a province and face the neighbour of their border', () => {
    const byNeighbour = (code: string) => lists.checkpoints.filter(entry => entry.neighbour === code).length
    expect([byNeighbour('THA'), byNeighbour('VNM'), byNeighbour('LAO'), byNeighbour('')]).toEqual([13, 14, 2, 10])
    const poipet = lists.resolveCheckpoint('KHC-POI', today)
    expect(poipet).toMatchObject({ province: 'KH-1', neighbour: 'THA', mode: 'land', latitude: 13.65805, nameKm: 'ប៉ោយប៉ែត' })
  })

  it('are open in their dated periods, both days included', () => {
    expect(openOn('KHC-KTI', '2025-09-08', '2025-09-09', '2030-01-01')).toEqual([false, true, true])
    expect(openOn('KHC-PNH', '2000-01-01', '2025-09-09', '2025-09-10')).toEqual([true, true, false])
    expect(openOn('KHC-SAI', '2023-10-15', '2023-10-16', '2030-01-01')).toEqual([false, true, true])
    expect(openOn('KHC-REP', '2000-01-01', '2023-10-16', '2023-10-17')).toEqual([true, true, false])
    expect(openOn('KHC-DSY', '2024-12-25', '2024-12-26', '2030-01-01')).toEqual([false, true, true])
    expect(openOn('KHC-KEP', '2022-01-18', '2022-01-19', '2030-01-01')).toEqual([false, true, true])
    const dated = ['KHC-KTI', 'KHC-PNH', 'KHC-SAI', 'KHC-REP', 'KHC-DSY', 'KHC-KEP']
    for (const { code, validFrom, validTo } of lists.checkpoints) {
      if (!dated.includes(code)) expect([code, validFrom, validTo]).toEqual([code, null, null])
    }
  })
})

describe('states', () => {
  it('hold the 249 codes of ISO 3166-1, each a country reported as itself', () => {
    const countries = lists.codes('states').filter(state => state.kind === 'iso')
    expect(countries).toHaveLength(249)
    for (const { code, nameEn, nameKm } of countries) {
      expect(lists.isCountry(code) && lists.reportingState(code) === code).toBe(true)
      expect(nameEn).toMatch(/^[\p{L}.'’&() -]+$/u)
      expect(nameKm).toMatch(/^[\p{Script=Khmer}() .-]+$/u)
    }
    expect(countries.find(state => state.code === 'MMR')).toMatchObject({ nameEn: 'Myanmar', nameKm: 'មីយ៉ាន់ម៉ា' })
    expect(countries.find(state => state.code === 'HKG')).toMatchObject({ nameEn: 'Hong Kong', nameKm: 'ហុងកុង' })
  })

  it('map codes of ICAO 9303 and former codes to the reporting code', () => {
    const mapped = ('D DEU, GBD GBR, GBN GBR, GBO GBR, GBP GBR, GBS GBR, ROM ROU, ZAR COD, TMP TLS, ' +
      'SCG SRB, YUG SRB, ANT CUW, RKS XKX, XXK XKX').split(', ').map(pair => pair.split(' ') as [string, string])
    for (const [code, reported] of mapped) {
      expect([code, lists.reportingState(code), lists.isCountry(code)]).toEqual([code, reported, false])
    }
    expect(codesOf('states').filter(code => mapped.some(([from]) => from === code))).toEqual([])
  })

  it('keep the codes that are no countries as they are, and no code besides', () => {
    const kept = ('XKX XXA XXB XXC XXX UNO UNA UNK XOM XPO XBA XIM XCC XCE XCO XEC XES XDC XCT XMP EUE').split(' ')
    for (const code of kept) {
      expect([code, lists.reportingState(code), lists.isCountry(code)]).toEqual([code, code, false])
    }
    expect(codesOf('states')).toHaveLength(249 + kept.length)
  })

  it('do not know the specimen state, small letters or anything else', () => {
    for (const code of ['UTO', 'unknown', '', 'khm', 'KH', 'SUN', 'DDR', '__proto__', 'constructor']) {
      expect([code, lists.reportingState(code), lists.isCountry(code)]).toEqual([code, null, false])
    }
  })

  it('tell ASEAN, with Timor-Leste since its accession, and the M49 region', () => {
    const members = lists.codes('states').filter(state => state.asean === 'yes')
    expect(members.map(state => state.code).toSorted()).toEqual(
      ['BRN', 'IDN', 'KHM', 'LAO', 'MMR', 'MYS', 'PHL', 'SGP', 'THA', 'TLS', 'VNM'])
    expect(members.find(state => state.code === 'TLS')).toMatchObject({ validFrom: day('2025-10-26'), status: 'assumption' })
    for (const state of members) expect([state.m49Region, state.m49SubRegion]).toEqual(['142', '035'])
    expect(lists.codes('regions').find(region => region.code === '035')).toMatchObject({ parent: '142' })
  })
})

describe('stays and fines', () => {
  it('set the first stay of the visa classes that have one, and of no other', () => {
    const days = Object.fromEntries([...codesOf('visa_classes'), 'unknown']
      .map(code => [code, lists.firstStayDays(code, 'FRA', today)]))
    const none = 'EB EG ER ES ET K A B C G exempt unknown'.split(' ').map(code => [code, null])
    expect(days).toEqual({ T: 30, E: 30, D: 7, border_pass: 7, ...Object.fromEntries(none) })
  })

  it('set the exempt stay by nationality and day', () => {
    const exempt = (nationality: string, text: string) => lists.firstStayDays('exempt', nationality, day(text))
    for (const nationality of ['IDN', 'LAO', 'MYS', 'SGP', 'VNM']) expect(exempt(nationality, '2024-01-01')).toBe(30)
    for (const nationality of ['BRN', 'MMR', 'SYC']) expect(exempt(nationality, '2024-01-01')).toBe(14)
    expect(exempt('PHL', '2024-01-01')).toBe(21)
    expect([exempt('THA', '2010-12-15'), exempt('THA', '2010-12-16')]).toEqual([null, 14])
    for (const nationality of ['CHN', 'HKG', 'MAC']) {
      expect(['2026-06-14', '2026-06-15', '2026-10-15', '2026-10-16'].map(text => exempt(nationality, text)))
        .toEqual([null, 14, 14, null])
    }
    for (const nationality of ['TWN', 'TLS', 'FRA', 'KHM', 'XXA']) expect(exempt(nationality, '2026-07-01')).toBeNull()
    expect(lists.firstStayDays('T', 'VNM', today)).toBe(30)
  })

  it('charge 5 dollars a day to 31 July 2016 and 10 from the day after', () => {
    expect(['2000-01-01', '2016-07-31', '2016-08-01', '2026-09-20'].map(text => lists.fineUsdPerDay(day(text))))
      .toEqual([5, 5, 10, 10])
  })

  it('have no coverage at first', () => expect(lists.coverageFrom).toBeNull())
})

describe('the small lists', () => {
  it('hold the codes of the contracts, in their order', () => {
    expect(codesOf('visa_classes')).toEqual('T E EB EG ER ES ET K A B C D G exempt border_pass'.split(' '))
    expect(codesOf('purposes')).toEqual(
      'holiday visit education health religion shopping transit business employment other'.split(' '))
    expect(codesOf('refusal_reasons')).toEqual(('no_document false_document no_visa false_visa purpose_not_justified ' +
      'no_means overstay_history watch_list public_order health minor_unaccompanied other').split(' '))
    expect(codesOf('document_types')).toEqual('passport border_pass travel_document emergency other'.split(' '))
    expect(codesOf('accommodation_types')).toEqual('hotel guesthouse rental private employer other'.split(' '))
    expect(codesOf('travel_modes')).toEqual('air land sea river'.split(' '))
    expect(lists.codes('extension_lengths').map(entry => entry.months)).toEqual([1, 3, 6, 12])
    expect(codesOf('sexes')).toEqual(['F', 'M', 'X', 'U'])
    expect(codesOf('provinces')).toEqual(Array.from({ length: 25 }, (_, index) => `KH-${index + 1}`))
  })

  it('answer for provinces, visa classes and refusal reasons, of which unknown is none', () => {
    expect(['KH-1', 'KH-25', 'KH-01', 'KH-0', 'KH-26', 'unknown'].map(lists.isProvince))
      .toEqual([true, true, false, false, false, false])
    expect(['T', 'exempt', 'border_pass', 'unknown', 't', ''].map(lists.isVisaClass))
      .toEqual([true, true, true, false, false, false])
    expect(['watch_list', 'unknown', ''].map(lists.isRefusalReason)).toEqual([true, false, false])
  })

  it('mark the refusal reasons as an assumption', () => {
    expect(lists.codes('refusal_reasons').every(reason => reason.status === 'assumption')).toBe(true)
  })

  it('write Khmer names without zero-width spaces and with subscript ta', () => {
    const names = (['checkpoints', 'provinces', 'visa_classes', 'purposes', 'regions', 'states'] as const)
      .flatMap(list => lists.codes(list).map(entry => entry.nameKm)).join('\n')
    expect(names).not.toMatch(/[\u200b-\u200d]|\u17d2\u178a/)
    expect(names).toContain('ឧត្តរមានជ័យ')
  })
})
