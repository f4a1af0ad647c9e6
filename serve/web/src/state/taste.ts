// How the page is shown: language, theme, digits, wall screen. The address decides, then what was chosen before, then
// the browser.
import { computed } from '@preact/signals'
import { createFormat, type Digits } from '../format.ts'
import { en } from '../words/en.ts'
import { km } from '../words/km.ts'
import type { Language, Words } from '../words/words.ts'
import { query, setParameter } from './address.ts'

export type Theme = 'system' | 'light' | 'dark'

const byBrowser: Language = navigator.languages.some(language => language.startsWith('km')) ? 'km' : 'en'

export const language = computed<Language>(() => chosen('lang', ['en', 'km'], byBrowser))
export const theme = computed<Theme>(() => chosen('theme', ['system', 'light', 'dark'], 'system'))
export const digits = computed<Digits>(() => chosen('digits', ['latin', 'khmer'], 'latin'))
export const kiosk = computed(() => query.value.has('kiosk') && query.value.get('kiosk') !== '0')
export const words = computed<Words>(() => language.value === 'km' ? km : en)
export const format = computed(() => createFormat(digits.value, words.value))

/** Chooses: remembered here, and told by the address. */
export function choose (name: 'lang' | 'theme' | 'digits', value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // A browser that stores nothing still has the address.
  }
  setParameter(name, value)
}

/** The name of something that has one in both languages. */
export function nameOf ({ nameEn, nameKm }: { nameEn: string, nameKm: string }): string {
  return language.value === 'km' && nameKm !== '' ? nameKm : nameEn
}

function chosen<T extends string> (name: string, allowed: readonly T[], otherwise: T): T {
  const known = (value: string | null): T | undefined => allowed.find(each => each === value)
  return known(query.value.get(name)) ?? known(stored(name)) ?? otherwise
}

function stored (name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
