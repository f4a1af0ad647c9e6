import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BorderflowError } from '../../core/errors.ts'
import { loadSettings, settingNames, withoutSecrets } from '../../core/settings/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The lines that tell the faults of these variables. */
function faults (environment: NodeJS.ProcessEnv, flags = {}): string[] {
  try {
    loadSettings(environment, flags)
  } catch (error) {
    expect(error).toBeInstanceOf(BorderflowError)
    expect((error as BorderflowError).code).toBe('SETTINGS_INVALID')
    return (error as BorderflowError).message.split('\n').filter(line => line.startsWith('  ')).map(line => line.trim())
  }
  return []
}

async function file (content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'settings.yaml')
  writeFileSync(path, content)
  return path
}

describe('the settings', () => {
  it('have a value each without anything given', () => {
    const settings = loadSettings({})
    expect(settings.http).toMatchObject({ enabled: true, host: '127.0.0.1', port: 8080 })
    expect(settings.kafka.brokers).toEqual([])
    expect(settings.database.memoryLimitMb).toBe(768)
  })

  it('are each named by one variable and described', () => {
    const variables = settingNames.map(({ variable }) => variable)
    expect(new Set(variables).size).toBe(variables.length)
    expect(variables.every(variable => /^BORDERFLOW_[A-Z]+(_[A-Z]+)+$/.test(variable))).toBe(true)
    expect(settingNames.filter(({ description }) => description === '')).toEqual([])
    expect(settingNames.find(({ name }) => name === 'saslPassword')?.variable).toBe('BORDERFLOW_KAFKA_SASL_PASSWORD')
  })

  it('are those of the file, above it the variables, above them the flags', async () => {
    const BORDERFLOW_SETTINGS_FILE = await file('http:\n  port: 1001\n  host: ::1\nlog:\n  level: debug\n')
    const settings = loadSettings({ BORDERFLOW_SETTINGS_FILE, BORDERFLOW_HTTP_PORT: '1002', BORDERFLOW_LOG_LEVEL: 'warn' },
      { http: { port: 1003 } })
    expect(settings.http).toMatchObject({ port: 1003, host: '::1' })
    expect(settings.log.level).toBe('warn')
  })

  it('read lists, flags and numbers from text', () => {
    const settings = loadSettings({
      BORDERFLOW_KAFKA_BROKERS: 'a:9092, b:9092,', BORDERFLOW_HTTP_ENABLED: '0', BORDERFLOW_KAFKA_TLS: 'true', BORDERFLOW_DATABASE_THREADS: '3'
    })
    expect(settings.kafka.brokers).toEqual(['a:9092', 'b:9092'])
    expect(settings.http.enabled).toBe(false)
    expect(settings.kafka.tls).toBe(true)
    expect(settings.database.threads).toBe(3)
  })

  it('take an empty variable for one that is not set, but an empty topic for none', () => {
    const settings = loadSettings({
      BORDERFLOW_HTTP_PORT: '', BORDERFLOW_SETTINGS_FILE: '', BORDERFLOW_KAFKA_SASL_PASSWORD_FILE: '', BORDERFLOW_KAFKA_TOPIC_TALLY: ''
    })
    expect(settings.http.port).toBe(8080)
    expect(settings.kafka.topicTally).toBe('')
  })

  it('cannot be changed once they are in force', () => {
    expect(Object.isFrozen(loadSettings({}))).toBe(true)
  })
})

describe('faults in the settings', () => {
  it('are told all at once, each once, by the name of the variable', () => {
    const found = faults({
      BORDERFLOW_HTTP_PORT: '70000',
      BORDERFLOW_LOG_LEVEL: 'loud',
      BORDERFLOW_DATABASE_MEMORY_LIMIT_MB: 'much',
      BORDERFLOW_KAFKA_TLS: 'maybe',
      BORDERFLOW_HTTP_PROT: '1'
    })
    const names = found.map(line => line.split(':')[0])
    expect(names.toSorted()).toEqual([
      'BORDERFLOW_DATABASE_MEMORY_LIMIT_MB', 'BORDERFLOW_HTTP_PORT', 'BORDERFLOW_HTTP_PROT', 'BORDERFLOW_KAFKA_TLS', 'BORDERFLOW_LOG_LEVEL'
    ])
  })

  it('include what does not fit together', () => {
    expect(faults({ BORDERFLOW_HTTP_TLS_CERT_FILE: 'a.pem' }).map(line => line.split(':')[0])).toEqual(['BORDERFLOW_HTTP_TLS_CERT_FILE'])
    expect(faults({ BORDERFLOW_HTTP_HOST: '0.0.0.0' }).map(line => line.split(':')[0])).toEqual(['BORDERFLOW_HTTP_HOST'])
    expect(faults({ BORDERFLOW_HTTP_HOST: '0.0.0.0', BORDERFLOW_HTTP_TRUSTED_PROXIES: '10.0.0.1' })).toEqual([])
    expect(faults({ BORDERFLOW_HTTP_HOST: '0.0.0.0', BORDERFLOW_HTTP_ENABLED: 'false' })).toEqual([])
    expect(faults({ BORDERFLOW_KAFKA_SASL_MECHANISM: 'plain', BORDERFLOW_KAFKA_SASL_USERNAME: 'u' }).map(line => line.split(':')[0]))
      .toEqual(['BORDERFLOW_KAFKA_SASL_MECHANISM'])
  })

  it('include a variable with our prefix that is no setting, but not the token and those of tests', () => {
    expect(faults({ BORDERFLOW_HTPP_PORT: '1' })).toEqual(['BORDERFLOW_HTPP_PORT: no setting has this name'])
    expect(faults({ BORDERFLOW_HTTP_PORT_FILE: '/x' })).toEqual(['BORDERFLOW_HTTP_PORT_FILE: no setting has this name'])
    expect(faults({ BORDERFLOW_TOKEN: 'bf_x', BORDERFLOW_TEST_HISTORIES: '4', PATH: '/bin' })).toEqual([])
  })

  it('include an unknown name in the file', async () => {
    const found = faults({ BORDERFLOW_SETTINGS_FILE: await file('http:\n  prot: 1\nhtpp:\n  port: 1\n') })
    expect(found).toHaveLength(2)
    expect(found.join(' ')).toMatch(/prot.*htpp|htpp.*prot/)
  })

  it.each([['no such file', undefined], ['a list', '- a\n'], ['a text', 'a'], ['no YAML', 'http: [1']])(
    'include a file that is %s', async (_what, content) => {
      const path = content === undefined ? join(await temporaryFolder(), 'none.yaml') : await file(content)
      const found = faults({ BORDERFLOW_SETTINGS_FILE: path })
      expect(found).toHaveLength(1)
      expect(found[0]).toContain(path)
    })
})

describe('secrets', () => {
  it('are read from a file, without the newline at its end', async () => {
    const path = await file('hunter2\n')
    expect(loadSettings({ BORDERFLOW_KAFKA_SASL_PASSWORD_FILE: path }).kafka.saslPassword).toBe('hunter2')
    expect(loadSettings({ BORDERFLOW_KAFKA_SASL_PASSWORD_FILE: path, BORDERFLOW_KAFKA_SASL_PASSWORD: 'x' }).kafka.saslPassword).toBe('x')
    expect(faults({ BORDERFLOW_KAFKA_SASL_PASSWORD_FILE: '/nowhere/at/all' })[0]).toMatch(/^BORDERFLOW_KAFKA_SASL_PASSWORD_FILE: /)
  })

  it('are hidden when the settings are shown, which changes no setting', () => {
    const settings = loadSettings({ BORDERFLOW_KAFKA_SASL_PASSWORD: 'hunter2' })
    expect(JSON.stringify(withoutSecrets(settings))).not.toContain('hunter2')
    expect(withoutSecrets(settings)['kafka']?.['saslPassword']).toBe('(hidden)')
    expect(settings.kafka.saslPassword).toBe('hunter2')
    expect('saslPassword' in (withoutSecrets(loadSettings({}))['kafka'] ?? {})).toBe(false)
  })

  it.each([
    'kafka:\n  saslPassword: hunter2: x\n', 'kafka:\n  saslPassword: *hunter2\n', 'kafka:\n\tsaslPassword: hunter2\n',
    'kafka:\n  saslPassword: "hunter2\n', 'kafka:\n  saslPassword: !hunter2 x\n  saslPassword: hunter2\n', 'kafka: hunter2\n',
    'kafka:\n  saslPassword: [hunter2]\n'
  ])('are not told by a fault: %j', async content => {
    const found = faults({ BORDERFLOW_SETTINGS_FILE: await file(content) })
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).not.toContain('hunter2')
  })
})
