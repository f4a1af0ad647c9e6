// Settings in force: defaults < file < variables < flags. All faults are told at once, one line each.
import { readFileSync } from 'node:fs'
import { parse, YAMLParseError } from 'yaml'
import { BorderflowError, errorText } from '../errors.ts'
import { settingNames } from './names.ts'
import { settingsSchema, type Settings } from './schema.ts'

const FILE_VARIABLE = 'BORDERFLOW_SETTINGS_FILE'
const TOKEN_VARIABLE = 'BORDERFLOW_TOKEN'
/** Used by the project's own tests, never read as a setting. */
const TEST_PREFIX = 'BORDERFLOW_TEST_'
const SECRET_SHOWN = '(hidden)'

type Raw = Record<string, Record<string, unknown>>

/**
 * Reads the settings. Throws SETTINGS_INVALID with one line per fault.
 * @param environment the process's variables
 * @param flags values from the command line by section, above everything else
 */
export function loadSettings (environment: NodeJS.ProcessEnv, flags: Raw = {}): Settings {
  const faults: string[] = []
  const raw = merge(fromFile(environment[FILE_VARIABLE], faults), fromVariables(environment, faults), flags)
  const result = settingsSchema.safeParse(raw)
  if (!result.success) {
    for (const issue of result.error.issues) {
      faults.push(`${nameOf(issue.path.map(String))}: ${issue.message}`)
    }
  }
  if (faults.length > 0 || !result.success) {
    throw new BorderflowError('SETTINGS_INVALID', {
      expected: 'valid settings',
      found: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`,
      remedy: '`borderflow config --help` lists every setting. To correct:\n' + faults.map(fault => `  ${fault}`).join('\n')
    })
  }
  return Object.freeze(result.data)
}

/** The settings as they may be printed. */
export function withoutSecrets (settings: Settings): Raw {
  const shown = structuredClone(settings) as unknown as Raw
  for (const { section, name, isSecret } of settingNames) {
    const values = shown[section]
    if (isSecret && values?.[name] !== undefined) values[name] = SECRET_SHOWN
  }
  return shown
}

function fromFile (path: string | undefined, faults: string[]): Raw {
  if (path === undefined || path === '') return {}
  try {
    const content = readYaml(readFileSync(path, 'utf8'))
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Raw
    faults.push(`${path}: expected sections of settings`)
  } catch (error) {
    faults.push(`${path}: ${errorText(error)}`)
  }
  return {}
}

/** Throws with the place of a fault alone: the parser's own text quotes the line, and a password may stand in it. */
function readYaml (text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' })
  } catch (error) {
    const at = error instanceof YAMLParseError ? error.linePos?.[0] : undefined
    throw new Error(at === undefined ? 'expected YAML' : `expected YAML, see line ${at.line}, column ${at.col}`)
  }
}

function fromVariables (environment: NodeJS.ProcessEnv, faults: string[]): Raw {
  const raw: Raw = {}
  const known = new Set([FILE_VARIABLE, TOKEN_VARIABLE])
  for (const { section, name, variable, isSecret } of settingNames) {
    known.add(variable)
    let value = environment[variable]
    if (isSecret) {
      known.add(`${variable}_FILE`)
      value ??= fromSecretFile(environment[`${variable}_FILE`], `${variable}_FILE`, faults)
    }
    // An empty variable is one that is not set: compose files write them that way.
    if (value !== undefined && (value !== '' || name.startsWith('topic'))) (raw[section] ??= {})[name] = value
  }
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('BORDERFLOW_') || variable.startsWith(TEST_PREFIX) || known.has(variable)) continue
    faults.push(`${variable}: no setting has this name`)
  }
  return raw
}

function fromSecretFile (path: string | undefined, variable: string, faults: string[]): string | undefined {
  if (path === undefined || path === '') return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    faults.push(`${variable}: ${errorText(error)}`)
    return undefined
  }
}

function merge (...layers: Raw[]): Raw {
  const merged: Raw = {}
  for (const layer of layers) {
    for (const [section, values] of Object.entries(layer)) merged[section] = { ...merged[section], ...values }
  }
  return merged
}

function nameOf (path: readonly string[]): string {
  const [section, name] = path
  return settingNames.find(setting => setting.section === section && setting.name === name)?.variable ?? path.join('.')
}
