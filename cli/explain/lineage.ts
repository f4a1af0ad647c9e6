// Where a table comes from, down to the contracts, as a graph. Worked out from what the program runs: the models' SQL,
// the statements that write tables, the selects that the walks read, and the fact table of each contract.
import { readdirSync } from 'node:fs'
import { packageFile } from '../../core/package-root.ts'
import { loadSql } from '../../core/sql.ts'
import { FACT_TABLE } from '../../schemas/columns.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import { DERIVED_TABLES } from '../../sinks/derived/columns.ts'
import { models } from '../../transforms/models/index.ts'

/** `reference` is what is no event: code lists, and the state of deriving. */
export type NodeKind = 'contract' | 'facts' | 'view' | 'walk' | 'derived' | 'reference' | 'table'

export interface LineageNode {
  id: string
  kind: NodeKind
  /** The file of its SQL, or the folder of its code, from the root of the package. */
  file?: string
}

export interface Lineage {
  /** Each after those it comes from; the table itself is the last. */
  nodes: LineageNode[]
  edges: { from: string, to: string }[]
}

interface Known extends LineageNode { reads: readonly string[] }

const FOLDERS = ['dags', 'sinks', 'transforms'] as const
const WALKS = 'walks'
const CODE_LISTS = 'code lists'
/** Written by code and not by SQL. Everything else is read off the files. */
const WRITTEN_BY_CODE: Readonly<Record<string, Known>> = {
  'main.accounting': { id: 'main.accounting', kind: 'facts', file: 'sinks/warehouse/load', reads: CONTRACTS },
  'main.codes': { id: CODE_LISTS, kind: 'reference', file: 'schemas/lists', reads: [] },
  'main.overstay_fine_rates': { id: CODE_LISTS, kind: 'reference', file: 'schemas/lists', reads: [] },
  'main.derivation': { id: 'as-of date', kind: 'reference', file: 'dags/derivation', reads: [] }
}

/** The lineage of a published table. Throws for a name that no model has. */
export function lineageOf (table: string): Lineage {
  const known = knownNames()
  const nodes = new Map<string, LineageNode>()
  const edges = new Map<string, { from: string, to: string }>()
  const visit = (name: string, path: readonly string[]): string => {
    const found = known.get(name)
    if (found === undefined) throw new Error(`nothing says where ${name} comes from`)
    const { id, kind, file, reads } = found
    if (nodes.has(id) || path.includes(name)) return id
    for (const read of [...new Set(reads)].sort()) {
      const from = visit(read, [...path, name])
      if (from !== id) edges.set(`${from} ${id}`, { from, to: id })
    }
    nodes.set(id, { id, kind: name === `published.${table}` ? 'table' : kind, ...file === undefined ? {} : { file } })
    return id
  }
  visit(`published.${table}`, [])
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}

/** The tables and views that a statement reads: `main.x`, `published.x`, `temp.x`. Comments and texts read nothing. */
export function readNames (sql: string): string[] {
  const bare = sql.replaceAll(/--[^\n]*/g, '').replaceAll(/'(?:[^']|'')*'/g, "''")
  return [...bare.matchAll(/\b(?:from|join|using)\s+((?:main|published|temp)\.\w+)/g)].map(([, name]) => name as string)
}

function knownNames (): Map<string, Known> {
  const known = new Map<string, Known>(Object.entries(WRITTEN_BY_CODE))
  for (const contract of CONTRACTS) {
    const table = FACT_TABLE[contract]
    known.set(contract, { id: contract, kind: 'contract', file: 'schemas/contracts', reads: [] })
    known.set(`main.${table}`, { id: `main.${table}`, kind: 'facts', file: 'sinks/warehouse/load', reads: [contract] })
  }
  const files = FOLDERS.flatMap(sqlFiles)
  const walked = files.filter(file => file.startsWith('transforms/walks/')).flatMap(file => readNames(loadSql(file)))
    .map(name => name.replace(/^temp\.chosen_/, 'published.current_'))
  known.set(WALKS, { id: WALKS, kind: 'walk', file: 'transforms/walks', reads: walked })
  for (const table of DERIVED_TABLES) {
    known.set(`main.${table}`, { id: `main.${table}`, kind: 'derived', file: 'transforms/walks', reads: [WALKS] })
  }
  for (const file of files) addWritten(known, file)
  for (const { name, sql } of models) addModel(known, name, readNames(sql))
  return known
}

/** What a statement of a file writes; several may write one table. */
function addWritten (known: Map<string, Known>, file: string): void {
  const sql = loadSql(file)
  const written = /\binsert into (main\.\w+)/.exec(sql)?.[1]
  if (written === undefined || written === 'main.fact_table') return
  const before = known.get(written)
  const reads = [...before?.reads ?? [], ...readNames(sql)].filter(name => name !== written)
  known.set(written, { kind: 'facts', ...before, id: written, file: before?.file ?? file, reads })
}

/** Views that only name codes are the code lists: they would stand in every picture and say nothing. */
function addModel (known: Map<string, Known>, name: string, reads: readonly string[]): void {
  const codesOnly = reads.length > 0 && reads.every(read => read === 'main.codes')
  known.set(`published.${name}`, codesOnly
    ? known.get('main.codes')!
    : { id: name, kind: 'view', file: `transforms/models/${name}.sql`, reads })
}

function sqlFiles (folder: string): string[] {
  return readdirSync(packageFile(folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.sql')).sort().map(path => `${folder}/${path.replaceAll('\\', '/')}`)
}
