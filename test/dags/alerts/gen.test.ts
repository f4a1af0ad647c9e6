import { settingNames } from '/work/main/core/settings/index.ts'
import { readFileSync, writeFileSync } from 'node:fs'
const mine = settingNames.filter(({ section }) => section === 'alerts')
const rows = mine.map(({ variable, defaultText, description }) => `| ${variable.replace('BORDERFLOW_', '')} |${defaultText === '' ? '' : ` ${defaultText}`} | ${description} |`)
let readme = readFileSync('/work/main/README.md', 'utf8')
if (!readme.includes('| ALERTS_')) readme = readme.replace('| LOG_LEVEL |', rows.join('\n') + '\n| LOG_LEVEL |')
writeFileSync('/work/main/README.md', readme)
let env = readFileSync('/work/main/.env.example', 'utf8')
const block = ['# --- alerts ---', ...mine.flatMap(({ variable, defaultText, description, isSecret }) => [`# ${description}`, `${variable}=${defaultText}`, ...isSecret ? ['# ' + 'File that holds the same; instead of it', `${variable}_FILE=`] : []]), '', ''].join('\n')
if (!env.includes('BORDERFLOW_ALERTS_')) env = env.replace('# --- log ---', block + '# --- log ---')
writeFileSync('/work/main/.env.example', env)
import { it } from 'vitest'; it('x', () => {})
