// borderflow config: the settings in force, with secrets hidden.
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { settingNames, withoutSecrets } from '../../core/settings/index.ts'
import { settingsOf, withCommonOptions, type CommonOptions } from '../options.ts'
import { printJson } from '../print.ts'

/** Adds the command. */
export function addConfigCommand (program: Command): void {
  withCommonOptions(program.command('config'))
    .description('print the settings in force, secrets hidden; the output is a settings file')
    .addHelpText('after', `\nSettings (also in the YAML file that BORDERFLOW_SETTINGS_FILE names):\n${settingNames.map(setting =>
      `  ${setting.variable}${setting.defaultText === '' ? '' : ` (${setting.defaultText})`}\n      ${setting.description}`).join('\n')}`)
    .action((options: CommonOptions) => {
      const shown = withoutSecrets(settingsOf(options))
      if (options.json === true) printJson(shown)
      else process.stdout.write(stringify(shown))
    })
}
