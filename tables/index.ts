// Asking the published tables: what the command line, the API and releases import.
export { type Answer, type AnswerChunk, answerRows, type Cell, runQuery, type RunOptions } from './answer.ts'
export { buildQuery, type BuiltQuery } from './build.ts'
export { describeTables, type TableDescription } from './describe.ts'
export { type Format, FORMAT_NAMES, type FormatName, type FormatOptions, FORMATS } from './formats/index.ts'
export { codeNames, columnHeading, groupNames } from './labels.ts'
export {
  type AnswerColumn, type BuildOptions, COMPARISONS, type Comparison, type LabelMode, LABELS, PUBLISHED_SCHEMA,
  type QueryLists, type Share, SHARES, type TableQuery
} from './query.ts'
export { encodeAnswer, writeAnswer, type WriteOptions } from './write.ts'
