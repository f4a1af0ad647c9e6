// What the loader refuses, and what an overlay folder changes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDay } from '../../../core/civil-date.ts'
import { hasCode } from '../../../core/errors.ts'
import { packageFile } from '../../../core/package-root.ts'
import { loadCodeLists } from '../../../schemas/code-lists/index.ts'

let folder: string
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'borderflow-lists-')) })
afterEach(async () => { await rm(folder, { recursive: true }) })

const day = (text: string) => parseDay(text) as number
const put = (file: string, ...lines: string[]) => writeFile(join(folder, file), `${lines.join('\n')}\n`)
const ours = (file: string) => readFile(packageFile(`schemas/lists/${file}`), 'utf8')

/** Puts our list with one more or changed line. */
async function change (file: string, edit: (text: string) => string) {
  await writeFile(join(folder, file), edit(await ours(file)))
}

/** The lines of the refusal that name a fault. */
function faults (): string[] {
  try {
    loadCodeLists(folder)
  } catch (error) {
    if (!hasCode(error, 'LISTS_INVALID')) throw error
    return error.message.split('\n').filter(line => line.startsWith(folder)).map(line => line.slice(folder.length + 1))
  }
  return []
}

const CHECKPOINT = 'code,name_en,name_km,mode,province,neighbour,opposite,latitude,longitude,iata,icao,unlocode,class,' +
  'valid_from,valid_to,source,status,assumed,note'
const gate = (code: string, name: string, from = '', to = '', iata = '', province = 'KH-1') =>
  `${code},${name},,land,${province},,,,,${iata},,,international,${from},${to},test,verified,,`
const FINES = 'code,usd_per_day,valid_from,valid_to,source,status'

describe('an overlay folder', () => {
  it('changes nothing while it is empty', () => {
    expect(loadCodeLists(folder).digest).toBe(loadCodeLists().digest)
    expect(loadCodeLists().digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('replaces a list whole', async () => {
    await put('overstay_fines.csv', FINES, 'daily_fine,20,,,decree,verified')
    const lists = loadCodeLists(folder)
    expect([lists.fineUsdPerDay(day('2010-01-01')), lists.fineUsdPerDay(day('2026-01-01'))]).toEqual([20, 20])
    expect(lists.codes('checkpoints')).toHaveLength(39)
    expect(lists.digest).not.toBe(loadCodeLists().digest)
  })

  it('gives the same digest for the same content in other bytes', async () => {
    await change('provinces.csv', text => `\uFEFF${text.replaceAll('\n', '\r\n')}`)
    expect(loadCodeLists(folder).digest).toBe(loadCodeLists().digest)
  })

  it('sets the coverage', async () => {
    await put('coverage.csv', 'code,valid_from,valid_to,source,status', 'gdi.crossing.v1,2024-01-01,,department,verified')
    expect(loadCodeLists(folder).coverageFrom).toBe(day('2024-01-01'))
    await put('coverage.csv', 'code,valid_from,valid_to,source,status', 'gdi.crossing.v1,,,department,verified')
    expect(faults()).toEqual(['coverage.csv:2: coverage is one row with valid_from and without valid_to'])
  })

  it('may not hold a file of another name', async () => {
    await put('checkpoint.csv', CHECKPOINT)
    await put('notes.txt', 'hello')
    expect(faults()).toEqual([
      expect.stringMatching(/^checkpoint\.csv: no code list has this name/),
      expect.stringMatching(/^notes\.txt: no code list has this name/)
    ])
  })

  it('must exist once it is named', async () => {
    expect(() => loadCodeLists(join(folder, 'missing'))).toThrow(/missing: cannot be listed/)
  })
})

describe('periods of one code', () => {
  it('may follow each other, and the row valid on the day answers', async () => {
    await put('checkpoint_aliases.csv', 'code,alias,source,status', 'KHC-AAA,Alpha,test,verified')
    await put('checkpoints.csv', CHECKPOINT, gate('KHC-AAA', 'New', '2020-01-01', '', 'AAN'),
      gate('KHC-AAA', 'Old', '', '2019-12-31', 'AAO'))
    const lists = loadCodeLists(folder)
    const nameOn = (text: string, on: string) => {
      const found = lists.resolveCheckpoint(text, day(on))
      return typeof found === 'string' ? found : found.nameEn
    }
    expect([nameOn('KHC-AAA', '2019-12-31'), nameOn('KHC-AAA', '2020-01-01')]).toEqual(['Old', 'New'])
    expect([nameOn('alpha', '2019-12-31'), nameOn('alpha', '2020-01-01')]).toEqual(['Old', 'New'])
    expect([nameOn('AAO', '2019-12-31'), nameOn('AAO', '2020-01-01')]).toEqual(['Old', 'checkpoint_closed'])
    expect(lists.checkpoints).toHaveLength(2)
    expect(lists.codes('checkpoints').map(entry => entry.nameEn)).toEqual(['New'])
  })

  it('may not overlap', async () => {
    await put('overstay_fines.csv', FINES, 'daily_fine,5,,2016-08-01,test,verified', 'daily_fine,10,2016-08-01,,test,verified')
    expect(faults()).toEqual(['overstay_fines.csv:3: the period of daily_fine overlaps the one of line 2'])
    await put('overstay_fines.csv', FINES, 'daily_fine,5,,,test,verified', 'daily_fine,10,,,test,verified')
    expect(faults()).toEqual(['overstay_fines.csv:3: the period of daily_fine overlaps the one of line 2'])
  })

  it('may not leave a gap', async () => {
    await put('overstay_fines.csv', FINES, 'daily_fine,10,2016-08-02,,test,verified', 'daily_fine,5,,2016-07-30,test,verified')
    expect(faults()).toEqual([
      'overstay_fines.csv:2: daily_fine has a gap from 2016-07-31 to 2016-08-01 after line 3'])
  })

  it('may not end before they begin', async () => {
    await put('exempt_stays.csv', 'code,days,valid_from,valid_to,source,status', 'FRA,14,2026-02-01,2026-01-01,test,verified')
    expect(faults()).toEqual(['exempt_stays.csv:2: FRA ends on 2026-01-01 and begins after that, on 2026-02-01'])
  })

  it('must set a fine for every day', async () => {
    await put('overstay_fines.csv', FINES, 'daily_fine,10,2016-08-01,,test,verified')
    expect(faults()).toEqual([expect.stringMatching(/^overstay_fines\.csv:1: the fines do not reach over all days/)])
  })
})

describe('aliases', () => {
  const aliases = (...rows: string[]) => put('checkpoint_aliases.csv', 'code,alias,source,status', ...rows)

  it('may be shared by two checkpoints at different times', async () => {
    await aliases()
    await put('checkpoints.csv', CHECKPOINT, gate('KHC-OLD', 'Old', '', '2019-12-31', 'KTI'),
      gate('KHC-NEW', 'New', '2025-01-01', '', 'KTI'))
    const { resolveCheckpoint } = loadCodeLists(folder)
    expect(['2019-12-31', '2022-01-01', '2025-01-01'].map(text => resolveCheckpoint('kti', day(text))))
      .toEqual([expect.objectContaining({ code: 'KHC-OLD' }), 'checkpoint_closed', expect.objectContaining({ code: 'KHC-NEW' })])
  })

  it('may not mean two checkpoints on one day', async () => {
    await aliases('KHC-BBB,the gate,test,verified', 'KHC-AAA,Alpha,test,verified')
    await put('checkpoints.csv', CHECKPOINT, gate('KHC-AAA', 'The Gate'), gate('KHC-BBB', 'Beta'))
    expect(faults()).toEqual([
      `checkpoint_aliases.csv:2: "the gate" means KHC-BBB, and KHC-AAA on the same day at ${folder}/checkpoints.csv:2`])
  })

  it('must belong to a known checkpoint and have a letter or digit', async () => {
    await change('checkpoint_aliases.csv', text => `${text}KHC-QQQ,Quu,test,verified\nKHC-POI,--,test,verified\n`)
    expect(faults()).toEqual([
      'checkpoint_aliases.csv:50: KHC-QQQ is no checkpoint',
      'checkpoint_aliases.csv:51: the alias has no letter or digit'
    ])
  })
})

describe('references and rows', () => {
  it('refuse unknown provinces, countries, states, classes and regions', async () => {
    await change('checkpoints.csv', text => `${text}${gate('KHC-AAA', 'Alpha', '', '', '', 'KH-26')}\n`)
    await change('exempt_stays.csv', text => `${text}UTO,14,,,test,verified\nROM,14,,,test,verified\n`)
    await change('visa_first_stays.csv', text => `${text}Z,14,,,test,verified\nexempt,14,,,test,verified\n`)
    await change('states.csv', text => `${text}QQQ,QQR,icao,Q,,,,,,,test,verified\nQQS,QQS,icao,Q,,,999,,,,test,verified\n`)
    expect(faults()).toEqual([
      'checkpoints.csv:41: KH-26 is no province',
      'states.csv:287: reporting_code QQR is no reported state',
      'states.csv:288: 999 is no region',
      'visa_first_stays.csv:6: Z is no visa class with a first stay of its own',
      'visa_first_stays.csv:7: exempt is no visa class with a first stay of its own',
      'exempt_stays.csv:15: UTO is no reporting code of the list of states',
      'exempt_stays.csv:16: ROM is no reporting code of the list of states'
    ])
  })

  it('report all faults of all files together, a bad row without followers', async () => {
    await put('provinces.csv', 'code,name_en,name_km,valid_from,valid_to,source,status',
      'KH-01,"Banteay\nMeanchey",,,,test,verified', 'KH-2,,,2026-02-30,,test,maybe', 'KH-3,Kampong Cham,,')
    await put('purposes.csv', 'code,name_en,name_km,valid_from,valid_to,source,remark', 'x,X,,,,test,y')
    await put('sexes.csv', 'code,"name_en')
    await writeFile(join(folder, 'travel_modes.csv'), '')
    await writeFile(join(folder, 'states.csv'), Buffer.from([0xff, 0xfe]))
    await put('exempt_stays.csv', 'code,days,valid_from,valid_to,source,status', 'THA,1.5,,,test,verified', 'THA,1,,,test,verified',
      'THA,2,,,test,verified')
    expect(faults()).toEqual([
      'provinces.csv:3: code: must be KH- and a number without leading zero',
      'provinces.csv:4: name_en: must not be empty',
      'provinces.csv:4: valid_from: must be empty or a date YYYY-MM-DD',
      expect.stringMatching(/^provinces\.csv:4: status: /),
      'provinces.csv:5: 4 fields where the header has 7',
      'exempt_stays.csv:2: days: must be a whole number from 1 to 9999',
      'purposes.csv:1: no column status',
      'purposes.csv:1: unknown or repeated column remark',
      'travel_modes.csv:1: no header',
      expect.stringMatching(/^sexes\.csv:\d: not CSV: /),
      expect.stringMatching(/^states\.csv: cannot be read as UTF-8 text: /),
      'exempt_stays.csv:4: the period of THA overlaps the one of line 3'
    ])
  })
})
