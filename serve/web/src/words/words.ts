// The type of a catalogue: the keys of the English one, with texts of any wording. A missing key is a type error.
import type { en } from './en.ts'

type Worded<T> = {
  -readonly [K in keyof T]: T[K] extends string | readonly string[]
    ? T[K] extends string ? string : readonly string[]
    : T[K] extends (...values: infer A) => string ? (...values: A) => string : Worded<T[K]>
}

export type Words = Worded<typeof en>
export type Language = 'en' | 'km'
