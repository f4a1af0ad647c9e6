// Writes the contracts for those who send events: a JSON Schema file each and one AsyncAPI page, from the zod schemas.
// A test holds the files in `schemas/generated/` against what this makes.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import * as z from 'zod'
import { packageFile, packageVersion } from '../core/package-root.ts'
import { CONTRACTS, contracts, type Contract, type ContractName } from './contracts/index.ts'

type Json = Record<string, unknown>

const FOLDER = 'schemas/generated'
/** Largest message, docs/method.md §1: 64 KiB. */
const MESSAGE_BYTES_MAX = 64 * 1024
/** A week: a loader that stands still over a weekend and holidays loses nothing. */
const RETENTION_MS = 7 * 24 * 60 * 60 * 1000

/** What JSON Schema's `date-time` leaves open and the contracts do not: upper-case letters, no leap second. */
const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$'
const YEAR_OR_MONTH = '^\\d{4}(-(0[1-9]|1[0-2]))?$'

const RULES: Readonly<Record<ContractName, string>> = {
  'gdi.crossing.v1': 'A traveller is admitted or refused at a checkpoint, arriving in or leaving Cambodia.',
  'gdi.tally.v1': 'Persons of one nationality were counted at a local gate on one date, where single crossings are ' +
    'not recorded.',
  'gdi.extension.v1': 'An extension of stay was granted to the holder of a document.',
  'fpcs.registration.v1': 'A foreigner was registered at an address. check_out may not be before check_in, which ' +
    'JSON Schema cannot say.'
}

const COMMON_RULES = 'At most 64 KiB and 8 levels deep. A field that may be null may be absent. Fields that are not ' +
  'named here are dropped before anything is stored. A higher revision of an id replaces the lower one; a void takes ' +
  'the record back.'

/** What a field means, by its name; the values are told by its schema. */
const FIELDS: Readonly<Record<string, string>> = {
  action: '`record` says what happened, `void` takes a record back',
  revision: 'Raised by one whenever the record is corrected or taken back',
  event_id: 'Identifies the crossing; unique in this contract',
  tally_id: 'Identifies the count; unique in this contract',
  extension_id: 'Identifies the extension; unique in this contract',
  registration_id: 'Identifies the registration; unique in this contract',
  occurred_at: 'Time at the desk, with its offset',
  recorded_at: 'Time at which the desk system stored it',
  granted_at: 'Time at which the extension was granted',
  registered_at: 'Time at which the registration was made',
  checkpoint: 'Code or known spelling of the checkpoint, open on that date',
  direction: '`arrival` is into Cambodia',
  refusal_reason: 'Code list; only with the decision `refused`',
  mode: 'Of transport; the checkpoint\'s own if absent',
  issuing_state: 'ICAO 9303 code',
  number: 'Number of the document; kept only as a keyed pseudonym',
  nationality: 'ICAO 9303 code',
  sex: '`<` is unspecified, as in a machine-readable zone',
  date_of_birth: 'As exact as it is known: day, month or year; kept only as an age',
  country_of_residence: 'ISO 3166-1 alpha-3',
  accompaniment: 'Who came with a traveller under 18',
  class: 'Visa class, code list',
  permitted_until: 'Last authorised day',
  purpose: 'Main purpose of the trip, IRTS 2008',
  other_country: 'Country of embarkation or destination, ISO 3166-1 alpha-3',
  destination_province: 'ISO 3166-2, KH-1 to KH-25',
  province: 'ISO 3166-2, KH-1 to KH-25',
  carrier: 'Number of the flight, vessel, coach or train',
  returnee: 'Only of nationals who return',
  from: 'Country from which the national returns, ISO 3166-1 alpha-3',
  nea: 'What the returnee said to registration with the National Employment Agency',
  count: 'Persons counted',
  date: 'Civil date at UTC+7'
}

/** Every generated file by its name, with its text. Pure: the same code gives the same texts. */
export function generatedDocuments (): Map<string, string> {
  const files = CONTRACTS.map(name => contracts[name]).map(contract =>
    [schemaFile(contract.name), `${JSON.stringify(contractSchema(contract), null, 2)}\n`] as const)
  return new Map([...files, ['asyncapi.yaml', stringify(asyncapi(), { lineWidth: 120 })]])
}

/** The JSON Schema of one contract: a record, or a void of one. */
export function contractSchema (contract: Contract): Json {
  const record = described(z.toJSONSchema(contract.record, { io: 'input', override: tighten }) as Json)
  const voided = described(z.toJSONSchema(contract.void, { io: 'input', override: tighten }) as Json)
  const parts = [record, voided].map(({ $schema: _, ...part }) => part)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:borderflow:contract:${contract.name}`,
    title: contract.title,
    description: `${RULES[contract.name]} ${COMMON_RULES}`,
    type: 'object',
    properties: {
      contract: { const: contract.name, description: 'In files and over HTTP; on Kafka the topic says it' }
    },
    oneOf: [
      { title: 'Record', ...parts[0], ...contract.name === 'gdi.crossing.v1' ? refusalOnlyWhenRefused() : {} },
      { title: 'Void', ...parts[1] }
    ]
  }
}

/** The rules beside zod's own checks, as far as JSON Schema can say them. */
function tighten ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') jsonSchema.pattern = INSTANT
  if (jsonSchema.pattern?.endsWith('(-\\d{2}(-\\d{2})?)?$') === true) {
    jsonSchema.anyOf = [{ format: 'date' }, { pattern: YEAR_OR_MONTH }]
  }
}

function refusalOnlyWhenRefused (): Json {
  return {
    if: { properties: { refusal_reason: { type: 'string' } }, required: ['refusal_reason'] },
    then: { properties: { decision: { const: 'refused' } } }
  }
}

/** The schema with what each of its fields means. */
function described (schema: Json): Json {
  const properties = schema.properties as Record<string, Json> | undefined
  const inner = schema.anyOf as Json[] | undefined
  return {
    ...schema,
    ...properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(properties).map(([name, field]) =>
            [name, { ...FIELDS[name] === undefined ? {} : { description: FIELDS[name] }, ...described(field) }]))
        },
    ...inner === undefined ? {} : { anyOf: inner.map(described) }
  }
}

function asyncapi (): Json {
  const each = (of: (contract: Contract) => Json): Json =>
    Object.fromEntries(CONTRACTS.map(name => [name, of(contracts[name])]))
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'borderflow contracts',
      version: packageVersion,
      description: 'The four contracts that borderflow reads. ' + COMMON_RULES,
      license: { name: 'Apache-2.0' }
    },
    defaultContentType: 'application/json',
    servers: { kafka: kafkaServer() },
    channels: each(channel),
    operations: Object.fromEntries(CONTRACTS.map(name => [`receive.${name}`, {
      action: 'receive',
      title: contracts[name].title,
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/${name}` }]
    }])),
    components: {
      messages: each(message),
      securitySchemes: {
        plain: { type: 'plain', description: 'SASL PLAIN, over TLS only' },
        scramSha256: { type: 'scramSha256', description: 'SASL SCRAM-SHA-256' },
        scramSha512: { type: 'scramSha512', description: 'SASL SCRAM-SHA-512' },
        certificate: { type: 'X509', description: 'Mutual TLS' }
      }
    }
  }
}

function kafkaServer (): Json {
  return {
    host: '{host}:{port}',
    protocol: 'kafka-secure',
    description: 'The brokers of the department: BORDERFLOW_KAFKA_BROKERS. Plain connections are for trials only.',
    variables: {
      host: { default: 'broker.example', description: 'Address of a broker' },
      port: { default: '9093', description: 'Its port' }
    },
    security: ['scramSha512', 'scramSha256', 'plain', 'certificate']
      .map(name => ({ $ref: `#/components/securitySchemes/${name}` }))
  }
}

function channel ({ name, title }: Contract): Json {
  return {
    address: name,
    title,
    description: 'The name of the topic is a setting. Set message.timestamp.type=LogAppendTime: the time received is ' +
      'the broker\'s.',
    servers: [{ $ref: '#/servers/kafka' }],
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    bindings: {
      kafka: {
        topic: name,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': RETENTION_MS },
        bindingVersion: '0.5.0'
      }
    }
  }
}

function message ({ name, title, idField }: Contract): Json {
  return {
    name,
    title,
    summary: `${RULES[name]} At most ${MESSAGE_BYTES_MAX} bytes.`,
    contentType: 'application/json',
    payload: {
      schemaFormat: 'application/schema+json;version=draft-2020-12', schema: { $ref: `./${schemaFile(name)}` }
    },
    bindings: {
      kafka: {
        key: { type: 'string', description: `Any; ${idField} keeps the revisions of a record in order` },
        bindingVersion: '0.5.0'
      }
    }
  }
}

function schemaFile (name: ContractName): string {
  return `${name}.schema.json`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(packageFile(FOLDER), { recursive: true })
  for (const [name, text] of generatedDocuments()) writeFileSync(join(packageFile(FOLDER), name), text)
}
