// The container files: what can be held without building them, and Docker's own opinion where it is installed.
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { packageFile } from '../core/package-root.ts'
import { loadSettings } from '../core/settings/index.ts'
import { CONTRACTS } from '../schemas/contracts/index.ts'
import { readText } from './docs/documents.ts'

interface Service {
  image: string
  build?: string
  environment?: Record<string, string | number>
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  command?: string[]
  volumes?: string[]
  healthcheck?: { test: string[] }
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  tmpfs?: string[]
  stop_grace_period?: string
}

const compose = parse(readText('docker-compose.yml')) as {
  services: Record<'broker' | 'topics' | 'borderflow', Service>
  networks: { inside: { ipam: { config: { subnet: string, gateway: string }[] } } }
  volumes: Record<string, null>
}
const { broker, topics, borderflow } = compose.services
const dockerfile = readText('Dockerfile')
const imageVariables = Object.fromEntries([...dockerfile.matchAll(/(BORDERFLOW_\w+)=(\S+)/g)]
  .map(([, name, value]) => [name, value]))

describe('docker-compose.yml', () => {
  it('publishes on the loopback address only', () => {
    const ports = Object.values(compose.services).flatMap(service => service.ports ?? [])
    expect(ports.length).toBe(2)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it('gives every container no more rights than it needs', () => {
    for (const service of Object.values(compose.services)) {
      expect(service.cap_drop).toEqual(['ALL'])
      expect(service.security_opt).toContain('no-new-privileges:true')
    }
    expect(borderflow.read_only).toBe(true)
    expect(borderflow.tmpfs?.[0]).toMatch(/^\/tmp:.*noexec/)
  })

  it('starts in order, by health', () => {
    expect(broker.healthcheck?.test.join(' ')).toContain('kafka-broker-api-versions.sh')
    expect(borderflow.healthcheck?.test.join(' ')).toContain('/ready')
    expect(topics.depends_on?.broker?.condition).toBe('service_healthy')
    expect(borderflow.depends_on?.broker?.condition).toBe('service_healthy')
    expect(borderflow.depends_on?.topics?.condition).toBe('service_completed_successfully')
  })

  it('keeps data and keys apart, in volumes that are declared', () => {
    const mounts = new Map((borderflow.volumes ?? []).map(mount => mount.split(':').reverse() as [string, string]))
    expect(mounts.get('/data')).toBeDefined()
    expect(mounts.get('/keys')).toBeDefined()
    expect(mounts.get('/data')).not.toBe(mounts.get('/keys'))
    for (const name of mounts.values()) expect(Object.keys(compose.volumes)).toContain(name)
  })

  it('gives settings that the program accepts, and trusts the gateway of its own network', () => {
    const settings = loadSettings({ ...imageVariables, ...variablesOf(borderflow) })
    expect(settings.data.folder).toBe('/data')
    expect(settings.keys.folder).toBe('/keys')
    expect(settings.http.trustedProxies).toEqual([compose.networks.inside.ipam.config[0]?.gateway])
    const [address = ''] = settings.kafka.brokers
    expect(variablesOf(broker).KAFKA_ADVERTISED_LISTENERS).toContain(`PLAINTEXT://${address}`)
    const trustingNobody = { ...variablesOf(borderflow), BORDERFLOW_HTTP_TRUSTED_PROXIES: '' }
    expect(() => loadSettings(trustingNobody)).toThrow(/BORDERFLOW_HTTP_HOST/)
  })

  it('gives the broker all that the image\'s own settings would have', () => {
    const names = ['NODE_ID', 'PROCESS_ROLES', 'LISTENERS', 'ADVERTISED_LISTENERS', 'LISTENER_SECURITY_PROTOCOL_MAP',
      'INTER_BROKER_LISTENER_NAME', 'CONTROLLER_LISTENER_NAMES', 'CONTROLLER_QUORUM_VOTERS',
      'OFFSETS_TOPIC_REPLICATION_FACTOR', 'TRANSACTION_STATE_LOG_REPLICATION_FACTOR', 'TRANSACTION_STATE_LOG_MIN_ISR',
      'LOG_DIRS']
    for (const name of names) expect(variablesOf(broker)[`KAFKA_${name}`], name).toBeDefined()
    expect(Buffer.from(variablesOf(broker).CLUSTER_ID ?? '', 'base64url').length).toBe(16)
    expect(topics.image).toBe(broker.image)
    expect(broker.image).toMatch(/^apache\/kafka:\d+\.\d+\.\d+$/)
  })

  it('makes the topics of the contracts, with the broker\'s time', () => {
    const [script = ''] = topics.command ?? []
    expect(/for topic in (.+); do/.exec(script)?.[1]?.split(' ')).toEqual([...CONTRACTS])
    expect(script).toContain('message.timestamp.type=LogAppendTime')
    expect(Number(/retention\.ms=(\d+)/.exec(script)?.[1])).toBeGreaterThanOrEqual(4 * 24 * 60 * 60 * 1000)
  })

  it('leaves more time to stop than stopping takes', () => {
    const drainMs = Number(/DRAIN_MS_MAX = ([\d_]+)/.exec(readText('main.ts'))?.[1]?.replaceAll('_', ''))
    expect(drainMs).toBeGreaterThan(0)
    expect(Number.parseInt(borderflow.stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(drainMs)
  })

  it('is understood by Docker', context => {
    const compose = [['docker', 'compose'], ['docker-compose']].find(([program, ...first]) =>
      spawnSync(program as string, [...first, 'version'], { encoding: 'utf8' }).status === 0)
    if (compose === undefined && !process.env.CI) {
      process.stderr.write('SKIPPED: docker compose is not installed; docker-compose.yml was not checked by it\n')
      context.skip('docker compose is not installed')
    }
    const [program = 'docker-compose', ...first] = compose ?? []
    const checked = spawnSync(program, [...first, '-f', packageFile('docker-compose.yml'), 'config', '--quiet'],
      { encoding: 'utf8' })
    expect(checked.status, checked.stderr).toBe(0)
  })
})

describe('Dockerfile', () => {
  it('runs as nobody special, and looks after its health', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1)
    const last = stages.at(-1) as string
    expect(stages.length).toBe(2)
    expect(last).toMatch(/^USER node$/m)
    expect(last).toMatch(/^HEALTHCHECK /m)
    expect(last).toMatch(/^ENTRYPOINT \["borderflow"\]$/m)
    expect(last).toContain('CMD ["start"]')
    expect(last).not.toMatch(/npm (ci|install)/)
  })

  it('listens on loopback unless told otherwise', () => {
    expect(loadSettings(imageVariables).http.host).toBe('127.0.0.1')
  })

  it('lets into the build only what the package is made of, and no secrets', () => {
    const lines = readText('.dockerignore').split('\n').filter(line => line !== '' && !line.startsWith('#'))
    expect(lines[0]).toBe('*')
    const compiled = JSON.parse(readText('tsconfig.build.json')) as { include: string[] }
    const parts = [...compiled.include, 'package.json', 'package-lock.json', 'docs', 'LICENSE']
    for (const part of parts) expect(lines).toContain(`!${part}`)
    for (const secret of ['**/.env', '**/master.key', '**/*.duckdb']) expect(lines.slice(-3)).toContain(secret)
  })
})

function variablesOf ({ environment = {} }: Service): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]))
}
