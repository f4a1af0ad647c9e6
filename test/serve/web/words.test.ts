import { describe, expect, it } from 'vitest'
import { drawShapes } from '../../../serve/web/map/shapes.ts'
import { createFormat } from '../../../serve/web/src/format.ts'
import { en } from '../../../serve/web/src/words/en.ts'
import { km } from '../../../serve/web/src/words/km.ts'
import { packageFile } from '../../../core/package-root.ts'
import { loadCodeLists } from '../../../schemas/code-lists/index.ts'

/** What has no Khmer: names of things and examples. */
const SAME = ['digitKinds.latin', 'digitKinds.khmer', 'small']

function texts (words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
    const name = path === '' ? key : `${path}.${key}`
    if (typeof value === 'function') return [[name, String((value as (...all: string[]) => string)('1', '2', '3', '4'))] as [string, string]]
    return typeof value === 'string' ? [[name, value] as [string, string]] : texts(value as object, name)
  })
}

describe('the catalogues', () => {
  it('say everything in both languages, Khmer in Khmer letters', () => {
    const khmer = new Map(texts(km))
    expect([...khmer.keys()]).toEqual(texts(en).map(([name]) => name))
    const without = texts(en).filter(([name]) => !SAME.includes(name) && !/[\u1780-\u17ff]/.test(khmer.get(name) ?? ''))
    expect(without).toEqual([])
    expect(texts(en).filter(([name, text]) => name !== 'digitKinds.khmer' && /[\u1780-\u17ff]/.test(text))).toEqual([])
  })
})

describe('numbers and dates', () => {
  it('have comma groups and a decimal point in both digits', () => {
    expect(createFormat('latin', km).number(1_234_567)).toBe('1,234,567')
    expect(createFormat('khmer', km).number(1_234_567)).toBe('១,២៣៤,៥៦៧')
    expect(createFormat('latin', en).signed(-5)).toBe('−5')
    expect(createFormat('latin', en).share(0.8734)).toBe('87.3%')
  })

  it('are of Cambodia, with 24 hours', () => {
    const format = createFormat('latin', en)
    expect(format.moment('2026-11-22T18:05:00.000Z')).toBe('23 Nov 01:05')
    expect(format.longDay('2026-11-22')).toBe('Sunday 22 November 2026')
    expect(createFormat('khmer', km).longDay('2024-11-20')).toBe('ថ្ងៃពុធ ទី២០ ខែវិច្ឆិកា ឆ្នាំ២០២៤')
    expect(format.duration(59)).toBe('59 s')
    expect(format.duration(5_400)).toBe('1.5 h')
  })
})

describe('the map', () => {
  it('has the 25 provinces and the three neighbours, all within its frame', () => {
    const { provinces, neighbours, width, height, projection: { k, x0, y0 } } = drawShapes(packageFile('serve/web/map/provinces.json'))
    expect(provinces.map(({ code }) => code)).toEqual(Array.from({ length: 25 }, (_, i) => `KH-${i + 1}`))
    const lists = loadCodeLists()
    expect(provinces.every(({ code }) => lists.isProvince(code))).toBe(true)
    expect(neighbours).toHaveLength(3)
    // Phnom Penh lies left of Bavet and below Siem Reap.
    const place = (latitude: number, longitude: number): [number, number] => [
      x0 + k * longitude * Math.PI / 180,
      y0 - k * Math.log(Math.tan(Math.PI / 4 + latitude * Math.PI / 360))
    ]
    for (const { latitude, longitude } of lists.checkpoints) {
      if (latitude === null || longitude === null) continue
      const [x, y] = place(latitude, longitude)
      expect(x > 0 && x < width && y > 0 && y < height).toBe(true)
    }
    expect(place(11.55, 104.9)[0]).toBeLessThan(place(11.07, 106.13)[0])
    expect(place(11.55, 104.9)[1]).toBeGreaterThan(place(13.37, 104.2)[1])
  })
})
