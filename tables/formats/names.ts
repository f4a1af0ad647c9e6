// The names of the formats, apart from what writes them: who only names one loads nothing.
export const FORMAT_NAMES = ['table', 'csv', 'json', 'ndjson', 'parquet', 'arrow', 'arrow-stream'] as const
export type FormatName = (typeof FORMAT_NAMES)[number]
