// The generated documents: current, valid, and of the same opinion as the contracts they are made from.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { packageFile } from '../../core/package-root.ts'
import { decodeMessage } from '../../ingest/decode/decode.ts'
import { CONTRACTS, type ContractName } from '../../schemas/contracts/index.ts'
import { generatedDocuments } from '../../schemas/generate.ts'

const FOLDER = 'schemas/generated'
const documents = generatedDocuments()
const validators = new Map(CONTRACTS.map(name => [name, validatorOf(name)]))
const messages = exampleMessages()

describe('generated documents', () => {
  it('are the files that are committed', () => {
    // The document of the API is held against the running service: test/serve/api.
    const committed = readdirSync(packageFile(FOLDER)).filter(name => name !== 'README.md' && name !== 'openapi.json')
    expect(committed.sort()).toEqual([...documents.keys()].sort())
    for (const [name, text] of documents) {
      expect(readFileSync(packageFile(`${FOLDER}/${name}`), 'utf8'), `run the generator again: ${name}`).toBe(text)
    }
  })

  it('judge the messages of the examples as the contracts do', () => {
    let accepted = 0
    let refused = 0
    for (const message of messages) {
      const expected = contractAccepts(message)
      if (schemaAccepts(message) !== expected) expect.fail(`they differ on ${JSON.stringify(message)}`)
      expected ? accepted++ : refused++
    }
    expect(accepted).toBeGreaterThan(1_000)
    expect(refused).toBeGreaterThan(5)
  })

  it('judge broken messages as the contracts do', () => {
    // How large a message may be is beyond JSON Schema, too: one at the limit would pass it by a longer value.
    const small = messages.filter(message => JSON.stringify(message).length < 60_000)
    const paths = fc.constantFrom(...small).chain(message => fc.record({
      message: fc.constant(message), path: fc.constantFrom(...pathsOf(message)), value: oddValue
    }))
    let refused = 0
    fc.assert(fc.property(paths, ({ message, path, value }) => {
      const broken = replaced(message, path, value)
      // That one date is not before another is beyond JSON Schema; its description says so.
      if (path.at(-1) === 'check_out' || path.at(-1) === 'check_in') return
      const expected = contractAccepts(broken)
      if (!expected) refused++
      if (schemaAccepts(broken) !== expected) throw new Error(`they differ on ${JSON.stringify(broken)}`)
    }), { numRuns: 3_000 })
    expect(refused).toBeGreaterThan(100)
  })

  it('let fields pass that the contracts drop', () => {
    const message = messages.find(contractAccepts) as Message
    const more = { ...message, seen_by: 'desk 4', document: { ...message.document as object, note: '' } }
    expect(schemaAccepts(more)).toBe(true)
    expect(contractAccepts(more)).toBe(true)
  })

  it('describe every topic in AsyncAPI, as its own schema has it', () => {
    const page = parse(documents.get('asyncapi.yaml') as string) as {
      channels: object, components: { messages: Record<string, { payload: { schema: { $ref: string } } }> }
    }
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.1.0.json') as object
    // Its schema carries the meta-schema of draft 7 along, which would then be there twice.
    const ajv = new Ajv({ meta: false, validateSchema: false, strict: false, logger: false, validateFormats: false })
    const validate = ajv.compile(schema)
    expect(validate(page), JSON.stringify(validate.errors?.slice(0, 5))).toBe(true)
    expect(validate({ ...page, operations: { x: { action: 'read' } } })).toBe(false)
    expect(Object.keys(page.channels)).toEqual(CONTRACTS)
    for (const { payload } of Object.values(page.components.messages)) {
      expect(documents.has(payload.schema.$ref.replace('./', ''))).toBe(true)
    }
  })

  it('have references that lead somewhere', () => {
    const page = parse(documents.get('asyncapi.yaml') as string) as object
    const references = [...JSON.stringify(page).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string)
    expect(references.length).toBeGreaterThan(8)
    for (const path of references) {
      const found = path.split('/').reduce<unknown>((at, name) => (at as Message | undefined)?.[name], page)
      expect(found, path).toBeDefined()
    }
  })
})

type Message = Record<string, unknown>

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 0, 1, 1.5, -1, true, [], {}, 2_147_483_648, 1_000_001, 1e20),
  fc.constantFrom('void', 'record', 'KHM', '<', 'U', 'unknown', 'a b', '90', '1990', '1990-06', '1990-06-31',
    '2025-1-1', '2025-02-29', '2024-02-29', '2025-13', '2025-00-10', '0000-01-01'),
  fc.constantFrom('2025-06-01T10:00:00Z', '2025-06-01t10:00:00Z', '2025-06-01T10:00:00z', '2025-06-01T10:00:00',
    '2025-06-01 10:00:00Z', '2025-06-01T10:00:60Z', '2025-06-30T23:59:60Z', '2025-06-01T24:00:00Z',
    '2025-06-01T10:00:00.123456+07:00', '2025-06-01T10:00:00.+07:00', '2025-06-01T10:00:00+24:00',
    '2025-02-30T10:00:00Z'),
  fc.constantFrom('a'.repeat(64), 'a'.repeat(65), '𝒳'.repeat(64), '𝒳'.repeat(65), 'x'.repeat(100),
    'x'.repeat(101)),
  fc.string(), fc.integer(), fc.date({ noInvalidDate: true }).map(date => date.toISOString()))

function contractAccepts (message: Message): boolean {
  return decodeMessage(Buffer.from(JSON.stringify(message))).accepted
}

function schemaAccepts (message: Message): boolean {
  return validators.get(message.contract as ContractName)?.(JSON.parse(JSON.stringify(message))) === true
}

function validatorOf (name: ContractName): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: false })
  formats.default(ajv, ['date', 'date-time'])
  return ajv.compile(JSON.parse(documents.get(`${name}.schema.json`) as string) as object)
}

/** The messages of the examples that are objects of a known contract. */
function exampleMessages (): Message[] {
  const files = ['small', 'large'].flatMap(name => {
    const folder = packageFile(`test/fixtures/examples/${name}/events`)
    return readdirSync(folder).map(file => readFileSync(`${folder}/${file}`))
  })
  return files.flatMap(file => file.toString('latin1').split('\n')).flatMap(line => {
    const bytes = Buffer.from(line, 'latin1')
    const decoded = decodeMessage(bytes)
    if (!decoded.accepted && decoded.reason !== 'schema') return []
    return [JSON.parse(bytes.toString('utf8')) as Message]
  })
}

function pathsOf (message: Message, before: string[] = []): string[][] {
  return Object.entries(message).filter(([name]) => name !== 'contract').flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? [[...before, name], ...pathsOf(value as Message, [...before, name])]
      : [[...before, name]])
}

function replaced (message: Message, [name, ...rest]: string[], value: unknown): Message {
  const field = name as string
  return { ...message, [field]: rest.length === 0 ? value : replaced(message[field] as Message, rest, value) }
}
