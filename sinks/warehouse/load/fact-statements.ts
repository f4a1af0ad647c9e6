// The statements that move a group's staged rows into the warehouse, made once for each fact table from one text.
import { FACT_TABLE } from '../../../schemas/columns.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import { loadSql } from '../../../core/sql.ts'

const FOLDER = 'sinks/warehouse/load'
const retractText = loadSql(`${FOLDER}/retract-facts.sql`)
const moveText = loadSql(`${FOLDER}/move-facts.sql`)
const readText = loadSql(`${FOLDER}/read-images.sql`)

export interface FactStatements { retract: string, move: string, readImages: string }

/** Statements by ordinal of the contract. The texts name the tables as `fact_table` and `staged_facts`. */
export const factStatements: readonly FactStatements[] = CONTRACTS.map((name, contract) => {
  const named = (text: string): string => text
    .replaceAll('staged_facts', `staged_${FACT_TABLE[name]}`)
    .replaceAll('fact_table', FACT_TABLE[name])
    .replaceAll('contract_ordinal', String(contract))
  return { retract: named(retractText), move: named(moveText), readImages: named(readText) }
})
