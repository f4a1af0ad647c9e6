// The command line: every command with its flags, and the exit codes.
import { Command, CommanderError } from 'commander'
import { packageVersion } from '../core/package-root.ts'
import { addAccessCommands } from './commands/access.ts'
import { addBackupCommands } from './commands/backup.ts'
import { addConfigCommand } from './commands/config.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addGapCommands } from './commands/gap.ts'
import { addIngestCommand } from './commands/ingest.ts'
import { addQuarantineCommands } from './commands/quarantine.ts'
import { addQueryCommands } from './commands/query.ts'
import { addRebuildCommand } from './commands/rebuild.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { addStartCommand } from './commands/start.ts'
import { addStatusCommand } from './commands/status.ts'
import { addVerifyCommand } from './commands/verify.ts'
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
    await buildProgram(json ? () => {} : undefined).parseAsync(argv as string[])
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

/** The program with all its commands; `say` takes what is wrong with arguments, for people. */
export function buildProgram (say = (text: string): void => { process.stderr.write(text) }): Command {
  const program = new Command('borderflow')
    .description('Border-crossing statistics: events in, exactly once, flows out')
    .version(packageVersion)
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .showHelpAfterError('(borderflow --help tells more)')
    .exitOverride()
    .configureOutput({ writeErr: say })
  for (const add of [
    addStartCommand, addDemoCommand, addIngestCommand, addSimulateCommand, addQueryCommands, addRebuildCommand,
    addVerifyCommand, addQuarantineCommands, addGapCommands, addStatusCommand, addDoctorCommand,
    addConfigCommand, addBackupCommands, addAccessCommands
  ]) add(program)
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
