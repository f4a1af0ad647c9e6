// How spellings of a checkpoint are compared.

// U+17D2 U+178A and U+17D2 U+178F (subscript da and ta) look the same in Khmer and are typed for each other.
const SUBSCRIPT_DA = /\u17d2\u178a/g
const SUBSCRIPT_TA = '\u17d2\u178f'
const NOT_KEPT = /[^\p{L}\p{M}\p{N}]+/gu

/** NFC, lower case, letters, marks and digits only, Khmer subscript da read as ta. May be empty. */
export function foldAlias (text: string): string {
  return text.normalize('NFC').toLowerCase().replace(NOT_KEPT, '').replace(SUBSCRIPT_DA, SUBSCRIPT_TA)
}
