// borderflow doctor: everything a start needs, looked at one by one, each with what to do.
import type { Command } from 'commander'
import { examine, type Finding } from '../doctor.ts'
import { EXIT_FAILED } from '../exit.ts'
import { withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine } from '../print.ts'

/** Adds the command. */
export function addDoctorCommand (program: Command): void {
  withCommonOptions(program.command('doctor'))
    .description('look at settings, keys, disk, clock, broker and versions, each with what to do')
    .action(async (options: CommonOptions) => {
      const findings = await examine(options)
      if (findings.some(({ state }) => state === 'bad')) process.exitCode = EXIT_FAILED
      if (options.json === true) {
        printJson(findings)
        return
      }
      for (const finding of findings) print(finding)
    })
}

function print ({ name, state, found, remedy }: Finding): void {
  printLine(`${{ good: 'ok  ', warning: 'warn', bad: 'FAIL' }[state]} ${name}: ${found}${remedy === undefined ? '' : `\n     → ${remedy}`}`)
}
