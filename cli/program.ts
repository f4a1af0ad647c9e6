// The command line: every command with its flags, and the exit codes.
import { Command, CommanderError } from 'commander'
import { armFailpoint } from '../core/failpoint.ts'
import { packageVersion } from '../core/package-root.ts'
import { CATALOGUE, type CatalogueEntry, nameOf } from './catalogue.ts'
import { EXIT_OK, EXIT_USAGE, exitCodeOf, printError, printJsonError } from './exit.ts'

const EXIT_CODES = `
Exit codes: 0 fine, 1 failed, 2 wrong use, 3 differences found (verify).
Settings are BORDERFLOW_* variables; see \`borderflow config --help\`.`

/** Parses the arguments, runs the command and sets the exit code. */
export async function runProgram (argv: readonly string[]): Promise<void> {
  // Whoever reads our output may stop reading (`| head`): that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => { process.exit(error.code === 'EPIPE' ? EXIT_OK : 1) })
  const json = argv.includes('--json')
  try {
    armFailpoint(process.env)
    const named = argv.slice(2).filter(word => word !== 'help').find(word => !word.startsWith('-'))
    await (await buildProgram(json ? () => {} : undefined, named ?? '')).parseAsync(argv as string[])
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_USAGE
      if (json && error.exitCode !== 0) printJsonError('USAGE', error.message)
      return
    }
    printError(error, json)
    process.exitCode = exitCodeOf(error)
  }
}

/**
 * The program with all its commands; `say` takes what is wrong with arguments, for people. Where one is named, the
 * others are known by name and summary only and nothing of theirs is loaded: most of the time of a short command would
 * go there.
 */
export async function buildProgram (
  say = (text: string): void => { process.stderr.write(text) }, named?: string
): Promise<Command> {
  const program = new Command('borderflow')
    .description('Border-crossing statistics: events in, exactly once, flows out')
    .version(packageVersion)
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .showHelpAfterError('(borderflow --help tells more)')
    .exitOverride()
    .configureOutput({ writeErr: say })
  // A module may add more commands than the one it is loaded for.
  const missing = (entry: CatalogueEntry): boolean =>
    !program.commands.some(command => command.name() === nameOf(entry))
  for (const entry of CATALOGUE) {
    if ((named === undefined || nameOf(entry) === named) && missing(entry)) await entry.add(program)
  }
  for (const { synopsis, summary } of CATALOGUE.filter(missing)) program.command(synopsis).description(summary)
  inheritSettings(program)
  return program
}

/** Subcommands made by `command()` copy these from the program; ours are made before they are set everywhere. */
function inheritSettings (command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    inheritSettings(child)
  }
}
