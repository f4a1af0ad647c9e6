// What the API says of a table: its declaration, and the codes of its dimensions with their names.
import * as z from 'zod'
import type { CodeLists, ListName } from '../../schemas/code-lists/index.ts'
import { describeTables, type TableDescription } from '../../tables/index.ts'

export const tableId = z.strictObject({ id: z.string().max(64).describe('Id of a table') })

const text = z.strictObject({ en: z.string(), km: z.string().optional() })

const dimensionSchema = z.strictObject({
  name: z.string(),
  type: z.enum(['date', 'month', 'integer', 'code']),
  codeList: z.string().optional().describe('The list that names the codes; `unknown` may stand beside them'),
  codes: z.array(z.string()).optional().describe('All codes, where the set is closed')
})

const measureSchema = z.strictObject({
  name: z.string(),
  unit: z.string(),
  summable: z.enum(['sum', 'last', 'none']).describe(
    'Over dimensions left out: added; added, but over time the last date; or refused'),
  type: z.enum(['integer', 'number'])
})

export const tableSchema = z.looseObject({
  id: z.string(),
  title: text,
  description: text,
  objective: z.array(z.string()),
  unit: z.string(),
  dimensions: z.array(dimensionSchema),
  measures: z.array(measureSchema),
  frequency: z.enum(['hourly', 'daily', 'monthly']),
  population: z.string(),
  disclosure: z.string(),
  revisionPolicy: z.string(),
  speed: z.enum(['loading', 'derived']),
  available: z.boolean(),
  periods: z.array(z.string()).describe('Names that `by` and `where` take besides the dimensions')
})

export const codeSchema = z.strictObject({ code: z.string(), nameEn: z.string(), nameKm: z.string() })

export const tableWithCodesSchema = tableSchema.extend({
  codeLists: z.record(z.string(), z.array(codeSchema)).describe('Codes with their names, by list')
})

/** A table with the lists of its dimensions. */
export function withCodes (table: TableDescription, lists: CodeLists): TableDescription & {
  codeLists: Record<string, z.infer<typeof codeSchema>[]>
} {
  const names = new Set(table.dimensions.flatMap(({ codeList }) => codeList ?? []))
  return { ...table, codeLists: Object.fromEntries([...names].map(name => [name, codesOf(lists, name)])) }
}

/** The description of a table; undefined for an id that is none. */
export function tableOf (id: string): TableDescription | undefined {
  return describeTables().find(table => table.id === id)
}

function codesOf (lists: CodeLists, name: string): z.infer<typeof codeSchema>[] {
  const entries: readonly { code: string, nameEn?: string, nameKm?: string }[] = lists.codes(name as ListName)
  return entries.map(({ code, nameEn, nameKm }) => ({ code, nameEn: nameEn ?? code, nameKm: nameKm ?? '' }))
}
