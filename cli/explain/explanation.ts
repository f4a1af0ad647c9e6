// Everything that is known of a published table: its declaration, the SQL of its model, its lineage.
import { bareModelSql } from './text.ts'
import { type Lineage, lineageOf } from './lineage.ts'
import { type TableDeclaration, tableDeclaration } from '../../schemas/tables/index.ts'
import { models } from '../../transforms/models/index.ts'
import { describeTables } from '../../tables/describe.ts'

export interface Explanation extends TableDeclaration {
  /** What identifies a row, in a sentence. */
  grain: string
  /** What may be asked for besides the dimensions. */
  periods: string[]
  groups: string[]
  /** The file of the model, and its select. */
  file: string
  sql: string
  lineage: Lineage
}

/** Throws TABLE_UNKNOWN, with the nearest name there is. */
export function explain (table: string): Explanation {
  const declaration = tableDeclaration(table)
  const { periods, groups } = describeTables().find(({ id }) => id === table)!
  return {
    ...declaration,
    grain: `One row per ${declaration.dimensions.map(({ name }) => name).join(', ')}.`,
    periods,
    groups,
    file: `transforms/models/${table}.sql`,
    sql: bareModelSql(models.find(({ name }) => name === table)!.sql),
    lineage: lineageOf(table)
  }
}
