// The code lists in force, indexed: what is asked of them.
import { createHash } from 'node:crypto'
import { type Calendar, createCalendar } from './calendar.ts'
import { type CheckpointEntry, type ResolveCheckpoint, createCheckpointResolver } from './checkpoints.ts'
import { type CodeListFiles, knownCodes } from './list-files.ts'
import { type ListEntry, type ListFileName, type ListName, listFileNames } from './list-schemas.ts'
import { type States, createStates } from './states.ts'
import { type Rules, createRules } from './stays-and-fines.ts'
import { firstDay } from './validity.ts'

/** All code lists in force. Days are days since 1970-01-01 of a business date. */
export interface CodeLists extends States, Rules, Calendar {
  /** By code, else by alias, valid on the day. Never throws. */
  resolveCheckpoint: ResolveCheckpoint
  /** Every row: a checkpoint with several dated rows stands several times. */
  checkpoints: readonly CheckpointEntry[]
  /** ISO 3166-2 `KH-1` … `KH-25`. */
  isProvince(code: string): boolean
  /** A class that a message may carry: `exempt` and `border_pass` are among them, `unknown` is not. */
  isVisaClass(code: string): boolean
  isRefusalReason(code: string): boolean
  /** One entry per code, its latest; of the states only those that are reported under their own code. */
  codes<Name extends ListName>(list: Name): readonly ListEntry<Name>[]
  /** Hex SHA-256 over the contents in force, to be recorded with what was loaded under them. */
  digest: string
  /** The same of each list by name. */
  digests: Readonly<Record<string, string>>
  /** What they are made of; `createCodeLists` makes them again, in another thread too. */
  files: CodeListFiles
}

/** Indexes lists that were read and checked. */
export function createCodeLists (lists: CodeListFiles): CodeLists {
  const latest = new Map(listFileNames.map(name => [name, latestByCode(lists, name)]))
  return {
    ...createStates(lists),
    ...createRules(lists),
    ...createCalendar(lists),
    resolveCheckpoint: createCheckpointResolver(lists),
    checkpoints: lists.checkpoints.rows.map(row => row.entry),
    isProvince: knownCodes(lists.provinces),
    isVisaClass: knownCodes(lists.visa_classes),
    isRefusalReason: knownCodes(lists.refusal_reasons),
    codes: <Name extends ListName>(list: Name) => latest.get(list) as readonly ListEntry<Name>[],
    digest: digestOf(lists),
    digests: Object.fromEntries(listFileNames.map(name => [name, digestOfList(lists, name)])),
    files: lists
  }
}

/** The latest row of each code, codes in the order of the file. */
function latestByCode (lists: CodeListFiles, name: ListFileName): readonly unknown[] {
  const latest = new Map<string, { code: string, validFrom?: number | null, reportingCode?: string }>()
  for (const { entry } of lists[name].rows) {
    const before = latest.get(entry.code)
    const from = 'validFrom' in entry ? entry.validFrom : null
    if (before === undefined || firstDay({ validFrom: from }) > firstDay(before)) latest.set(entry.code, entry)
  }
  return [...latest.values()].filter(entry => entry.reportingCode === undefined || entry.reportingCode === entry.code)
}

function digestOf (lists: CodeListFiles): string {
  const hash = createHash('sha256')
  for (const name of listFileNames) hash.update(`${JSON.stringify([name, lists[name].rows.map(row => row.entry)])}\n`)
  return hash.digest('hex')
}

function digestOfList (lists: CodeListFiles, name: ListFileName): string {
  return createHash('sha256').update(JSON.stringify(lists[name].rows.map(row => row.entry))).digest('hex')
}
