// borderflow query and tables: asking the published tables.
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { BorderflowError, errorText } from '../../core/errors.ts'
// Not the entrance of tables/: what that needs to answer takes longer to load than a running process to ask.
import { FORMAT_NAMES, type FormatName } from '../../tables/formats/names.ts'
import {
  COMPARISONS, type Comparison, type LabelMode, LABELS, type Share, SHARES, type TableQuery
} from '../../tables/query.ts'
import { operate, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printTable } from '../print.ts'

interface QueryOptions extends CommonOptions {
  from?: string
  to?: string
  where?: string[]
  by?: string
  asOf?: string
  sort?: string
  limit?: string
  compare?: Comparison
  totals?: boolean
  shares?: Share
  labels?: LabelMode
  format?: FormatName
  output?: string
}

/** Adds the commands. */
export function addQueryCommands (program: Command): void {
  withCommonOptions(program.command('query'))
    .description('ask a published table; measures are summed over the dimensions left out')
    .argument('<table>', 'see `borderflow tables`')
    .option('--from <date>', 'first date or month, inclusive')
    .option('--to <date>', 'last date or month, inclusive')
    .option('--where <dim=value...>', 'keep these values of a dimension; several of one dimension are any of them; ' +
      'of states also asean and M49 codes: nationality=asean,030', collect, [])
    .option('--by <dims>', 'dimensions to keep, separated by commas, also week, month, quarter, year, and groups of ' +
      'states: nationality_asean, nationality_region, nationality_sub_region; "" gives one total')
    .option('--as-of <date>', 'the table as it is for facts up to this date')
    .option('--sort <columns>', 'columns to order by, separated by commas; -name is descending')
    .option('--limit <rows>', 'at most so many rows; no limit unless given')
    .addOption(new Option('--compare <period>', 'beside each measure its value a year or a period before').choices(COMPARISONS))
    .option('--totals', 'add rows of totals, told apart by the column row_type')
    .addOption(new Option('--shares [of]', 'beside each measure its share of the whole, or of its period, in percent')
      .choices(SHARES).preset('whole'))
    .addOption(new Option('--labels <labels>', 'names in place of codes in English or Khmer, or both beside them').choices(LABELS))
    .addOption(new Option('--format <format>', 'how the answer is written').choices(FORMAT_NAMES))
    .option('--output <file>', 'write to a file, which appears when it is complete')
    .action(async (table: string, options: QueryOptions) => { await query(table, options) })
  withCommonOptions(program.command('tables'))
    .description('list the published tables, their dimensions and measures')
    .action(async (options: CommonOptions) => { await printTables(options) })
}

async function query (table: string, options: QueryOptions): Promise<void> {
  const format: FormatName = options.format ?? (options.json === true ? 'json' : 'table')
  const toTerminal = options.output === undefined && process.stdout.isTTY
  if (toTerminal && (format === 'parquet' || format === 'arrow' || format === 'arrow-stream')) {
    throw new BorderflowError('USAGE', {
      expected: `--output FILE for ${format}`, found: 'a terminal', remedy: 'Name a file, or redirect the output.'
    })
  }
  await operate(options, 'query', { format, query: queryOf(table, options) }, async result => {
    if (!('stream' in result)) return
    if (options.output === undefined) {
      await pipeline(result.stream, process.stdout as Writable, { end: false })
      return
    }
    const partial = `${options.output}.partial`
    try {
      await pipeline(result.stream, createWriteStream(partial))
      await rename(partial, options.output)
    } catch (error) {
      await rm(partial, { force: true })
      throw error instanceof BorderflowError ? error : cannotWrite(options.output, error)
    }
  })
}

function cannotWrite (file: string, cause: unknown): BorderflowError {
  return new BorderflowError('FILE_UNREADABLE', {
    expected: 'a file that can be written', found: errorText(cause), where: file,
    remedy: 'Check the folder, and whether the disk has room.', cause
  })
}

function queryOf (table: string, options: QueryOptions): TableQuery {
  const list = (text: string | undefined): string[] | undefined =>
    text?.split(',').map(item => item.trim()).filter(item => item !== '')
  const limit = options.limit === undefined ? undefined : Number(options.limit)
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new BorderflowError('USAGE', { expected: 'a whole number above 0', found: String(options.limit), where: '--limit' })
  }
  return {
    table,
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
    ...(options.where === undefined || options.where.length === 0 ? {} : { where: conditions(options.where) }),
    ...(options.by === undefined ? {} : { by: list(options.by) }),
    ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
    ...(options.sort === undefined ? {} : { sort: list(options.sort) }),
    ...(limit === undefined ? {} : { limit }),
    ...(options.compare === undefined ? {} : { compare: options.compare }),
    ...(options.totals === true ? { totals: true } : {}),
    ...(options.shares === undefined ? {} : { shares: options.shares }),
    ...(options.labels === undefined ? {} : { labels: options.labels })
  }
}

function conditions (texts: readonly string[]): Record<string, string[]> {
  const where: Record<string, string[]> = {}
  for (const text of texts) {
    const equals = text.indexOf('=')
    if (equals < 1) {
      throw new BorderflowError('USAGE', { expected: 'dimension=value', found: text, where: '--where' })
    }
    (where[text.slice(0, equals)] ??= []).push(...text.slice(equals + 1).split(','))
  }
  return where
}

function collect (value: string, before: string[]): string[] {
  return [...before, value]
}

async function printTables (options: CommonOptions): Promise<void> {
  const { describeTables } = await import('../../tables/describe.ts')
  const tables = describeTables()
  if (options.json === true) {
    printJson(tables)
    return
  }
  printTable(['table', 'title', 'dimensions', 'measures', 'available'], tables.map(table => [
    table.id, table.title.en, table.dimensions.map(({ name }) => name).join(', '),
    table.measures.map(({ name }) => name).join(', '), table.available ? 'yes' : 'no'
  ]))
}
