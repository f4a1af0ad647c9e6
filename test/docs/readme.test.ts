// The README and the example of an environment say what the settings say.
import { describe, expect, it } from 'vitest'
import { parseEnv } from 'node:util'
import { loadSettings, settingNames } from '../../core/settings/index.ts'
import { readText, tableUnder } from './documents.ts'

const LINES_MAX = 175

describe('the README', () => {
  const readme = readText('README.md')

  it('has every setting with its default and meaning, and no other', () => {
    const expected = settingNames.map(({ variable, defaultText, description }) =>
      [variable.replace('BORDERFLOW_', ''), defaultText, description])
    expect(tableUnder(readme, 'Settings')).toEqual(expected)
  })

  it('stays short, and begins with the one sentence and the two commands', () => {
    const lines = readme.split('\n')
    expect(lines.length - 1).toBeLessThanOrEqual(LINES_MAX)
    const before = lines.slice(0, 60).join('\n')
    expect(before).toContain('npm ci && npm run demo')
    expect(before).toContain('npm ci && npm test')
    expect(before).toContain('simulated')
  })

  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
    const named = [...readme.matchAll(/npm (?:run )?(start|demo|test|bench|build)\b/g)]
      .map(([, name]) => name as string)
    expect(named.length).toBeGreaterThan(2)
    for (const name of named) expect(scripts[name], name).toBeDefined()
  })
})

describe('.env.example', () => {
  const text = readText('.env.example')
  const variables = parseEnv(text) as Record<string, string>

  it('names every setting once, with its default', () => {
    const secrets = settingNames.filter(({ isSecret }) => isSecret).map(({ variable }) => `${variable}_FILE`)
    expect(Object.keys(variables).sort()).toEqual([...settingNames.map(({ variable }) => variable), ...secrets].sort())
    for (const { variable, defaultText } of settingNames) expect(variables[variable], variable).toBe(defaultText)
    expect(text.match(/^BORDERFLOW_\w+=/gm)?.length).toBe(Object.keys(variables).length)
  })

  it('says of each what it means', () => {
    for (const { variable, description } of settingNames) expect(text).toContain(`# ${description}\n${variable}=`)
  })

  it('changes nothing if it is used as it is', () => {
    expect(loadSettings(variables)).toEqual(loadSettings({}))
  })
})
