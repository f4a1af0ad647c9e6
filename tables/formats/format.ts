// What a format of an answer is, and what all of them take.
import type { Answer } from '../answer.ts'

export interface FormatOptions {
  /** The name of a code of a dimension, in the reader's language; the code itself where there is none. */
  labels?: (dimension: string, code: string) => string
}

export interface Format {
  mediaType: string
  fileExtension: string
  /** Pieces of the encoded answer, one or a few per chunk; absent where only a file can hold it. */
  encode?: (answer: Answer, options?: FormatOptions) => AsyncIterable<string | Uint8Array>
}
