// The statements over a group's facts, made from one text for each fact table. What bounds a scan stands in the text as
// a number: then all groups of rows outside of it are passed over.
import { FACT_TABLE } from '../../../schemas/columns.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import { loadSql } from '../../../core/sql.ts'
import type { Range } from './ranges.ts'

const FOLDER = 'sinks/warehouse/load'
const retractText = loadSql(`${FOLDER}/retract-facts.sql`)
const readText = loadSql(`${FOLDER}/read-images.sql`)

export interface FactStatements {
  /** Retracts the images of a range. */
  retract (range: Range): string
  /** Reads the wanted images of a range. */
  readImages (range: Range): string
}

/** Statements by ordinal of the contract. The texts name the table as `fact_table`. */
export const factStatements: readonly FactStatements[] = CONTRACTS.map((name, contract) => {
  const named = (text: string): string => text
    .replaceAll('fact_table', FACT_TABLE[name])
    .replaceAll('contract_ordinal', String(contract))
  const [retract, read] = [named(retractText), named(readText)]
  return { retract: range => within(retract, range), readImages: range => within(read, range) }
})

/** A statement over what a group has added: the facts from a sequence on. */
export function since (text: string, firstSequence: number): string {
  return text.replaceAll('first_sequence', String(firstSequence))
}

function within (text: string, { from, to }: Range): string {
  return text.replaceAll('range_from', String(from)).replaceAll('range_to', String(to))
}
