// The formats an answer can take.
import { encodeArrowFile, encodeArrowStream } from './arrow.ts'
import { encodeCsv } from './csv.ts'
import type { Format } from './format.ts'
import { encodeJson, encodeNdjson } from './json.ts'
import type { FormatName } from './names.ts'
import { encodeTable } from './table.ts'

export type { Format, FormatOptions } from './format.ts'
export { FORMAT_NAMES, type FormatName } from './names.ts'

export const FORMATS = {
  table: { mediaType: 'text/plain; charset=utf-8', fileExtension: 'txt', encode: encodeTable },
  csv: { mediaType: 'text/csv; charset=utf-8', fileExtension: 'csv', encode: encodeCsv },
  json: { mediaType: 'application/json', fileExtension: 'json', encode: encodeJson },
  ndjson: { mediaType: 'application/x-ndjson', fileExtension: 'ndjson', encode: encodeNdjson },
  // Written by DuckDB itself, which needs a file to seek in.
  parquet: { mediaType: 'application/vnd.apache.parquet', fileExtension: 'parquet' },
  arrow: { mediaType: 'application/vnd.apache.arrow.file', fileExtension: 'arrow', encode: encodeArrowFile },
  'arrow-stream': {
    mediaType: 'application/vnd.apache.arrow.stream', fileExtension: 'arrows', encode: encodeArrowStream
  }
} as const satisfies Record<FormatName, Format>
