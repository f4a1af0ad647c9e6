// The query string of a table: the words of the query object, as the command line has them.
import * as z from 'zod'
import { BorderflowError } from '../../core/errors.ts'
import { COMPARISONS, FORMAT_NAMES, type FormatName, FORMATS, LABELS, SHARES, type TableQuery } from '../../tables/index.ts'

const names = z.string().max(2_000).transform(text => text.split(',').map(item => item.trim()).filter(item => item !== ''))
const whole = z.string().regex(/^\d{1,9}$/, 'must be a whole number').transform(Number)

/** A parameter that may stand once or more often. */
const repeated = z.union([z.array(z.string().max(4_000)).max(50), z.string().max(4_000)])

export const tableQueryString = z.strictObject({
  from: z.string().max(10).optional().describe('First date or month, inclusive: `YYYY-MM-DD` or `YYYY-MM`'),
  to: z.string().max(10).optional().describe('Last date or month, inclusive'),
  where: repeated.optional().describe(
    'A dimension and the values to keep, any of them: `where=nationality=THA,VNM`; once for each dimension. ' +
    'Of states also `asean` and codes of M49 regions'),
  by: names.optional().describe('Dimensions, periods and groups to keep, by commas; all unless given, none for one total'),
  measures: names.optional().describe('Measures to show, by commas; all unless given'),
  asOf: z.string().max(10).optional().describe('The table as it is for facts up to this date'),
  sort: names.optional().describe('Columns to order by, by commas; `-name` is descending'),
  limit: whole.optional().describe('At most so many rows; all unless given'),
  offset: whole.optional().describe('Rows to leave out before the first, for pages'),
  compare: z.enum(COMPARISONS).optional().describe('Beside each measure its value a year or a period before'),
  totals: z.enum(['true', 'false']).transform(text => text === 'true').optional().describe('Rows of totals'),
  shares: z.enum(SHARES).optional().describe('Beside each measure its share of the whole or of its period'),
  labels: z.enum(LABELS).optional().describe('Names in place of codes, or beside them'),
  format: z.enum(FORMAT_NAMES).optional()
    .describe('How the answer is written; by the Accept header, else `json`, unless given')
})
export type TableQueryString = z.output<typeof tableQueryString>

/** The query object of a query string. Throws QUERY_INVALID for a condition that names no dimension. */
export function queryOf (table: string, given: TableQueryString): TableQuery {
  const { where, offset = 0, format: _format, limit, ...rest } = given
  const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== false))
  return {
    table,
    ...present,
    ...(limit === undefined ? {} : { limit: limit + offset }),
    ...(where === undefined ? {} : { where: conditions([where].flat()) })
  }
}

/** The format asked for by name, else by media type, else JSON. */
export function formatOf ({ format }: TableQueryString, accept: string | undefined): FormatName {
  if (format !== undefined) return format
  const types = (accept ?? '').split(',').map(item => (item.split(';')[0] ?? '').trim().toLowerCase())
  return FORMAT_NAMES.find(name => name !== 'table' && types.includes(bare(FORMATS[name].mediaType))) ?? 'json'
}

const bare = (mediaType: string): string => (mediaType.split(';')[0] ?? '').trim()

function conditions (texts: readonly string[]): Record<string, string[]> {
  const where: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (const text of texts) {
    const equals = text.indexOf('=')
    if (equals < 1) {
      throw new BorderflowError('QUERY_INVALID', { expected: 'dimension=value', found: text.slice(0, 64), where: 'where' })
    }
    const name = text.slice(0, equals)
    where[name] = [...where[name] ?? [], ...text.slice(equals + 1).split(',')]
  }
  return { ...where }
}
