// The kernel against the ordinary way: for whatever message, the same outcome and columns.
import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../../core/package-root.ts'
import type { RawBatch } from '../../../../core/stage.ts'
import { decodeBatch } from '../../../../dags/loading/decode-batch.ts'
import { normaliseContext } from '../../../../dags/loading/context.ts'
import { packMessages } from '../../../../core/packed-messages.ts'
import { textAt } from '../../../../core/column-buffer.ts'
import { decodeMessage } from '../../../../ingest/decode/decode.ts'
import { loadCodeLists } from '../../../../schemas/code-lists/index.ts'
import { DIMENSIONS, type Dimension } from '../../../../schemas/columns.ts'
import { CONTRACTS, type ContractName } from '../../../../schemas/contracts/index.ts'
import type { DecodedBatch } from '../../../../schemas/decoded-batch.ts'
import { appendRow, beginKernelBatch, createKernel, createRows, type NormaliseContext, type RowsBuilder } from '../../../../transforms/normalise/index.ts'
import { crossing, histories, registration } from '../../../support/histories.ts'

const RECEIVED_MS = Date.parse('2024-04-01T05:00:00Z')
const lists = loadCodeLists()
const key = (name: string): Uint8Array => createHash('sha256').update(name).digest()
const context: NormaliseContext = normaliseContext({
  lists,
  codeNumbers: Object.fromEntries(DIMENSIONS.map(dimension => [dimension, numbers(dimension)])) as NormaliseContext['codeNumbers'],
  keys: { traveller: key('traveller'), content: key('content') } as never
})

function numbers (dimension: Dimension): ReadonlyMap<string, number> {
  const codes = {
    checkpoint: lists.checkpoints, state: lists.codes('states'), province: lists.codes('provinces'), visa_class: lists.codes('visa_classes'), refusal_reason: lists.codes('refusal_reasons')
  }[dimension].map(({ code }) => code)
  return new Map(['unknown', ...new Set(codes)].map((code, number) => [code, number]))
}

/** What the ordinary way alone makes of a message: its row as text, or the reason. */
function ordinary (bytes: Uint8Array, topic?: ContractName): string {
  const decoded = decodeMessage(bytes, topic)
  if (!decoded.accepted) return `${decoded.reason} ${decoded.paths.join()}`
  const builder = createRows(decoded.contract, 1)
  const reason = appendRow(context, builder, decoded, RECEIVED_MS, 0)
  return reason ?? `${rowText(builder.rows)}${decoded.drift ? ' drift' : ''}`
}

/** What a batch of this one message, or the message in the middle of others, becomes. */
async function asDecoded (messages: readonly Uint8Array[], at: number, topic?: ContractName): Promise<string> {
  const batch: DecodedBatch = await decodeBatch(context, rawBatch(messages, RECEIVED_MS, topic))
  const reject = batch.rejects.find(({ message }) => message === at)
  if (reject !== undefined) return reject.reason + (reject.reason === 'schema' || reject.paths.length > 0 || isBeforeRows(reject.reason) ? ` ${reject.paths.join()}` : '')
  const rows = batch.rows[batch.contracts[at]!]!
  return `${rowText(rows, rows.message.indexOf(at))}${batch.drift[at] === 1 ? ' drift' : ''}`
}

function rawBatch (messages: readonly Uint8Array[], receivedAtMs: number, contract?: ContractName): RawBatch {
  return {
    source: 'spool',
    partition: '1',
    firstOffset: 0,
    nextOffset: messages.length,
    ...(contract === undefined ? {} : { contract }),
    messages: packMessages(messages.map((value, offset) => ({ offset, receivedAtMs, value })))
  }
}

const isBeforeRows = (reason: string): boolean =>
  ['empty', 'too_large', 'not_utf8', 'too_deep', 'not_json', 'unknown_contract'].includes(reason)

function rowText ({ contract, isVoid, columns }: RowsBuilder['rows'], row = 0): string {
  const cells = columns.map(column => {
    if (column.kind === 'text') return (column.validity[row >> 3]! >> (row & 7)) & 1 ? JSON.stringify(textAt(column, row)) : 'null'
    if (column.validity !== null && ((column.validity[row >> 3]! >> (row & 7)) & 1) === 0) return 'null'
    const width = { uuid: 16, ubigint: 2, timestamptz: 2 }[column.kind as string] ?? 1
    return [...column.data.subarray(row * width, (row + 1) * width)].join('.')
  })
  return `${contract} ${isVoid[row]} ${cells.join(' | ')}`
}

async function expectSame (bytes: Uint8Array, topic?: ContractName): Promise<void> {
  expect(await asDecoded([bytes], 0, topic)).toBe(ordinary(bytes, topic))
}

const samples = readFileSync(packageFile('test/fixtures/examples/small/events/part-000.ndjson'))
  .toString('latin1').split('\n').filter(line => line !== '').map(line => Buffer.from(line, 'latin1'))

describe('a message in the kernel', () => {
  it('becomes what the ordinary way makes of it, for every message of the examples', async () => {
    for (let at = 0; at < samples.length; at++) expect(await asDecoded([samples[at]!], 0)).toBe(ordinary(samples[at]!))
  })

  it('is many of them, although the examples are chosen for what is odd', () => {
    const batch = beginKernelBatch(createKernel(context), rawBatch(samples, RECEIVED_MS * 2).messages, -1)
    const plain = samples.filter((_, at) => batch.decode(at, at + 1) === at + 1)
    expect(plain.length / samples.length).toBeGreaterThan(0.4)
  })

  it('becomes the same for random messages of all contracts, among others of its batch', async () => {
    await fc.assert(fc.asyncProperty(histories, async segments => {
      const messages = segments.flatMap(segment => segment.messages.map(({ bytes }) => bytes))
      for (let at = 0; at < messages.length; at++) expect(await asDecoded(messages, at)).toBe(ordinary(messages[at]!))
    }), { numRuns: 40 })
  })

  it('becomes the same however it is mutated', async () => {
    const mutation = fc.record({
      sample: fc.nat(samples.length - 1), at: fc.nat(2000), remove: fc.nat(6), insert: fc.oneof(
        fc.constantFrom('', '"', '\\', ' ', '\n', '\t', ',', '}', '{', '[', ']', ':', '0', '1', '-', '.5', 'e3', 'null', 'true', 'é',
          '\u0000', '\u001f', '\u007f', '\\u0041', '"x":1,', '"visa":null,', '"returnee":{},',
          '"event_id":"again",', '"contract":"gdi.tally.v1",', '  ', '99999999999', '2024-02-30', '23:59:60', 'Z', '+07:0', 'D', 'a'),
        fc.string({ maxLength: 4 }))
    })
    const topic = fc.constantFrom<ContractName | undefined>(undefined, undefined, ...CONTRACTS)
    const several = fc.array(mutation, { minLength: 1, maxLength: 3 })
    await fc.assert(fc.asyncProperty(several, topic, async (mutations, name) => {
      let bytes: Buffer = samples[mutations[0]!.sample]!
      for (const { at, remove, insert } of mutations) {
        const place = at % bytes.length
        bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(insert), bytes.subarray(place + remove)])
      }
      await expectSame(bytes, name)
    }), { numRuns: 4000 })
  })

  it('becomes the same with any value in any field', async () => {
    const odd = fc.constantFrom<unknown>(null, '', ' ', 0, 1, 1.5, -1, 2 ** 31, true, [], {}, 'X', 'D', 'KHM', 'unknown', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(101), '2024-02-29', '2023-02-29', '2024-13-01', '1999',
      '2024', '2024-00', '2024-06', '0000-01-01', '2024-03-10T09:30:00Z', '2024-03-10T09:30:00.123456-07:30', '2024-03-10T24:00:00Z', '1999-12-31T16:59:59.999Z', '1999-12-31T17:00:00Z', '2024-04-01T05:05:00Z', '2024-04-01T05:05:00.001Z',
      '9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00+23:59', '1969-12-31T23:59:59.999Z', 'border_pass', '<', 'a-b c', '---', 'n°1', 'ក')
    const choice = fc.record({
      first: fc.boolean(), field: fc.nat(40), child: fc.nat(4), value: odd, removes: fc.boolean()
    })
    await fc.assert(fc.asyncProperty(choice, async ({ first, field, child, value, removes }) => {
      const message: Record<string, unknown> = first ? crossing({ visa: { class: 'T', permitted_until: '2024-04-10' }, carrier: 'K6', returnee: { from: 'THA', reason: 'crisis', nea: 'registered' } }) : registration({ check_out: '2024-03-12' })
      const names = Object.keys(message)
      const name = names[field % names.length]!
      const inner = message[name]
      if (typeof inner === 'object' && inner !== null) {
        const childName = Object.keys(inner)[child % Object.keys(inner).length]!
        message[name] = removes ? value : { ...inner, [childName]: value }
      } else {
        message[name] = removes ? undefined : value
      }
      await expectSame(Buffer.from(JSON.stringify(message, null, child % 3)))
    }), { numRuns: 4000 })
  })

  it('is never completed by the message behind it', async () => {
    const cut = fc.record({ sample: fc.nat(samples.length - 1), at: fc.nat(2000) })
    await fc.assert(fc.asyncProperty(cut, async ({ sample, at }) => {
      const whole = samples[sample]!
      const parts = [whole.subarray(0, at % whole.length), whole.subarray(at % whole.length), whole]
      for (let part = 0; part < parts.length; part++) expect(await asDecoded(parts, part)).toBe(ordinary(parts[part]!))
    }), { numRuns: 500 })
  })

  it('has room for the longest texts, whichever way they come', async () => {
    const texts = ['x'.repeat(64), '\u1780'.repeat(64), '\0'.repeat(64), 'x']
    const messages = Array.from({ length: 300 }, (_, i) => [
      crossing({ event_id: `c${i}`, carrier: texts[i % 4] }),
      registration({
        registration_id: `r${i}`,
        accommodation: {
          id: texts[i % 4], type: 'hotel', province: 'KH-12', district: texts[(i + 1) % 4], commune: texts[(i + 2) % 4]
        }
      })
    ]).flat().map(message => Buffer.from(JSON.stringify(message)))
    const decoded = await decodeBatch(context, rawBatch(messages, RECEIVED_MS))
    expect(decoded.rejects).toEqual([])
    for (const rows of decoded.rows.filter(rows => rows !== undefined)) {
      for (let row = 0; row < rows.count; row += 7) {
        expect(rowText(rows, row)).toBe(ordinary(messages[rows.message[row]!]!))
      }
    }
  })
})
