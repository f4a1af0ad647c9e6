// borderflow explain: what a published table is, and where it comes from. Needs no data folder.
import { rename, rm, writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { BorderflowError, errorText } from '../../core/errors.ts'

const FORMATS = ['text', 'json', 'svg'] as const

interface ExplainOptions { format?: (typeof FORMATS)[number], output?: string, json?: boolean }

/** Adds the command. */
export function addExplainCommand (program: Command): void {
  program.command('explain')
    .description('what a published table is: definition, SQL, and lineage down to the contracts')
    .argument('<table>', 'see `borderflow tables`')
    .addOption(new Option('--format <format>', 'text, JSON, or the lineage as a picture').choices(FORMATS))
    .option('--json', 'the same as --format json, and errors as JSON on standard error')
    .option('--output <file>', 'write to a file, which appears when it is complete')
    .action(async (table: string, options: ExplainOptions) => {
      const text = await explained(table, options.format ?? (options.json === true ? 'json' : 'text'))
      if (options.output === undefined) process.stdout.write(text)
      else await write(options.output, text)
    })
}

async function explained (table: string, format: (typeof FORMATS)[number]): Promise<string> {
  const { explain } = await import('../explain/explanation.ts')
  const explanation = explain(table)
  if (format === 'json') return `${JSON.stringify(explanation, null, 2)}\n`
  if (format === 'svg') return (await import('../explain/picture.ts')).lineageSvg(explanation)
  return (await import('../explain/text.ts')).explanationText(explanation)
}

async function write (file: string, text: string): Promise<void> {
  const partial = `${file}.partial`
  try {
    await writeFile(partial, text)
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw new BorderflowError('FILE_UNREADABLE', {
      expected: 'a file that can be written', found: errorText(error), where: file, cause: error
    })
  }
}
