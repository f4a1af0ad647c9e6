// Every case of this folder: events in, rows out, three ways.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseDay } from '../../core/civil-date.ts'
import { rebuildDerived } from '../../dags/derivation/rebuild.ts'
import { refreshDerived } from '../../dags/derivation/refresh.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { answerRows, runQuery } from '../../tables/index.ts'
import { reference, tables } from '../reference/index.ts'
import { codeLists, loadMessages, openTestWarehouse, type TestMessage } from '../support/warehouse.ts'
import { givenMessage } from './given.ts'

interface Expected {
  table: string
  where?: Record<string, string>
  /** Columns shown, all by default; measures are summed over those left out. */
  columns?: string[]
  rows: string[]
}

interface Case {
  rule: string
  as_of: string
  given: Record<string, unknown>[]
  expect: { outcomes?: string[], tables?: Expected[] }
}

const folder = import.meta.dirname
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.yaml')).sort()
/** Tables that count messages in the order in which they came. */
const ORDERED = new Set(['data_quality', 'feed_health'])

let work: string
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'borderflow-cases-'))
  await (await openTestWarehouse(join(work, 'empty'))).close()
})
afterAll(() => { rmSync(work, { recursive: true, force: true }) })

describe.each(files)('%s', file => {
  const { rule, as_of: asOf, given, expect: expected } = parse(readFileSync(join(folder, file), 'utf8')) as Case
  const messages = given.map((entry, i) => givenMessage(entry, i + 1))
  const outcomes = expected.outcomes ?? messages.map(() => 'loaded')
  const reversible = !outcomes.some(outcome => outcome === 'revision_conflict')

  it(rule, async () => {
    const whole = await withWarehouse(async warehouse => {
      const loaded = await loadMessages(warehouse, messages)
      expect(countsOf(loaded), 'outcomes').toEqual(countsOf(outcomes))
      await rebuildDerived(await warehouse.connect(), contextOf(warehouse, asOf))
      return await answers(warehouse, expected.tables ?? [], asOf)
    })
    for (const [i, { table, rows }] of (expected.tables ?? []).entries()) {
      expect(whole[i], table).toEqual([...rows].sort())
    }
    expect(reference(messages).outcomes.map(({ outcome, reason }) => reason ?? outcome), 'model').toEqual(outcomes)
    expect(modelAnswers(messages, expected.tables ?? [], asOf), 'model').toEqual(
      (expected.tables ?? []).filter(({ table }) => table in tables).map(({ rows }) => [...rows].sort()))
  })

  it.runIf(reversible)('comes to the same in reverse, message by message', async () => {
    const wanted = (expected.tables ?? []).filter(({ table }) => !ORDERED.has(table))
    const found = await withWarehouse(async warehouse => {
      const connection = await warehouse.connect()
      for (const [i, message] of [...messages].reverse().entries()) {
        await loadMessages(warehouse, [message], 1, `reverse-${i}`)
        await refreshDerived(connection, contextOf(warehouse, asOf), { rebuildShareMax: 1 })
      }
      return await answers(warehouse, wanted, asOf)
    })
    expect(found).toEqual(wanted.map(({ rows }) => [...rows].sort()))
  })
})

async function withWarehouse<T> (use: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(work, 'case-'))
  cpSync(join(work, 'empty'), copy, { recursive: true })
  const warehouse = await openTestWarehouse(copy)
  try {
    return await use(warehouse)
  } finally {
    await warehouse.close()
    rmSync(copy, { recursive: true, force: true })
  }
}

const contextOf = (warehouse: Warehouse, asOf: string) =>
  ({ lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf: parseDay(asOf) as number, nowMs: 0 })

async function answers (warehouse: Warehouse, wanted: readonly Expected[], asOf: string): Promise<string[][]> {
  const connection: DuckDBConnection = await warehouse.connect()
  await connection.run(`set variable as_of = date '${asOf}'`)
  const all: string[][] = []
  for (const { table, where, columns } of wanted) {
    const { dimensions = [], measures = [] } = tables[table] ?? {}
    const answer = await runQuery(connection, {
      table,
      asOf,
      where: Object.fromEntries(Object.entries(where ?? {}).map(([name, value]) => [name, [value]])),
      ...(columns === undefined || table === 'feed_health'
        ? {}
        : {
            by: dimensions.filter(name => columns.includes(name)),
            measures: measures.filter(name => columns.includes(name))
          })
    }, { asOf })
    const rows: string[] = []
    for await (const row of answerRows(answer)) {
      const named = Object.fromEntries(answer.columns.map(({ name }, i) => [name, String(row[i])]))
      rows.push((columns ?? answer.columns.map(({ name }) => name)).map(name => named[name]).join(' '))
    }
    all.push(rows.sort())
  }
  return all
}

/** What the reference model says, cut and summed in the same way. It does not know `feed_health`. */
function modelAnswers (messages: readonly TestMessage[], wanted: readonly Expected[], asOf: string): string[][] {
  const model = reference(messages)
  return wanted.filter(({ table }) => table in tables).map(({ table, where = {}, columns }) => {
    const { dimensions, measures } = tables[table] as { dimensions: string[], measures: string[] }
    const sums = new Map<string, number[]>()
    for (const row of model.table(table, asOf)) {
      if (Object.entries(where).some(([name, value]) => row[name] !== value)) continue
      const shown = measures.filter(name => columns?.includes(name) ?? true)
      const key = dimensions.filter(name => columns?.includes(name) ?? true).map(name => row[name]).join(' ')
      const sum = sums.get(key) ?? shown.map(() => 0)
      sums.set(key, sum.map((value, i) => value + Number(row[shown[i] as string])))
    }
    return [...sums].map(([key, values]) => [...key === '' ? [] : [key], ...values].join(' ')).sort()
  })
}

/** Outcomes by kind or reason; the loader tells counts only. */
function countsOf (given: readonly string[] | Awaited<ReturnType<typeof loadMessages>>): Record<string, number> {
  if (!Array.isArray(given)) {
    const { loaded, duplicate, superseded, quarantined } = given as Awaited<ReturnType<typeof loadMessages>>
    const counts = { loaded, duplicate, superseded, ...quarantined }
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0).sort())
  }
  const counts: Record<string, number> = {}
  for (const outcome of given as string[]) counts[outcome] = (counts[outcome] ?? 0) + 1
  return Object.fromEntries(Object.entries(counts).sort())
}

describe('the cases', () => {
  it('are all in a folder of a rule', () => {
    expect(files.map(file => relative('.', file).split('/').length)).toEqual(files.map(() => 2))
  })
})
