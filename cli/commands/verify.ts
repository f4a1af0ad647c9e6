// borderflow verify: what must always be true, and the rows where it is not.
import type { Command } from 'commander'
import type { CheckResult } from '../../sinks/verify/verify.ts'
import { EXIT_DIFFERENCES } from '../exit.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson, printLine } from '../print.ts'

/** Adds the command. */
export function addVerifyCommand (program: Command): void {
  withCommonOptions(program.command('verify'))
    .description('check everything that must always be true; exit 3 and the rows if something differs')
    .action(async (options: CommonOptions) => {
      const results = await operateForValue<CheckResult[]>(options, 'verify', {})
      const differences = results.reduce((sum, result) => sum + result.differences, 0)
      if (differences > 0) process.exitCode = EXIT_DIFFERENCES
      if (options.json === true) {
        printJson({ ok: differences === 0, checks: results })
        return
      }
      for (const { check, differences, rows } of results) {
        printLine(`${differences === 0 ? 'ok  ' : 'FAIL'} ${check}${differences === 0 ? '' : `: ${differences} rows differ`}`)
        for (const row of rows) printLine(`     ${JSON.stringify(row)}`)
      }
    })
}
