// The code lists of schemas/lists: read, checked and indexed once at start, with a department's overlay if it has one.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BorderflowError, errorText } from '../../core/errors.ts'
import { packageFile } from '../../core/package-root.ts'
import { type Calendar, checkCalendar, createCalendar } from './calendar.ts'
import { type CheckpointEntry, type ResolveCheckpoint, checkAliases, createCheckpointResolver } from './checkpoints.ts'
import { type ListEntry, type ListFileName, type ListName, listFileNames } from './list-schemas.ts'
import { type CodeListFiles, knownCodes, readList } from './read-list.ts'
import { type States, checkStates, createStates } from './states.ts'
import { type Rules, checkRules, createRules } from './stays-and-fines.ts'
import { checkPeriods, firstDay } from './validity.ts'

export { foldAlias } from './fold-alias.ts'
export { type Calendar, type HolidayDay, type Hours } from './calendar.ts'
export { type CheckpointEntry } from './checkpoints.ts'
export { type ListEntry, type ListName } from './list-schemas.ts'

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
}

const FOLDER = 'schemas/lists'

/**
 * Reads the package's lists; a file of the same name in the overlay folder replaces ours whole.
 * Throws LISTS_INVALID naming every fault by file and line.
 */
export function loadCodeLists (overlayFolder?: string): CodeLists {
  const faults: string[] = []
  const lists = readLists(overlayFolder, faults)
  checkLists(lists, faults)
  if (faults.length > 0) {
    throw new BorderflowError('LISTS_INVALID', {
      expected: 'valid code lists',
      found: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n${faults.join('\n')}\n`,
      where: overlayFolder ?? FOLDER,
      remedy: 'Correct these lines; schemas/lists/README.md says what each list holds.'
    })
  }
  return createCodeLists(lists)
}

function readLists (overlayFolder: string | undefined, faults: string[]): CodeListFiles {
  const overlays = overlayFolder === undefined ? [] : overlayFiles(overlayFolder, faults)
  return Object.fromEntries(listFileNames.map(name => {
    const file = `${name}.csv`
    const overlay = overlayFolder !== undefined && overlays.includes(file)
    const path = overlay ? join(overlayFolder, file) : `${FOLDER}/${file}`
    return [name, readList(name, path, readText(path, overlay ? path : packageFile(path), faults), faults)]
  })) as unknown as CodeListFiles
}

function overlayFiles (folder: string, faults: string[]): string[] {
  try {
    const files = readdirSync(folder).toSorted()
    for (const file of files) {
      if (!listFileNames.some(name => file === `${name}.csv`)) {
        faults.push(`${join(folder, file)}: no code list has this name (${listFileNames.join(', ')})`)
      }
    }
    return files
  } catch (error) {
    faults.push(`${folder}: cannot be listed: ${errorText(error)}`)
    return []
  }
}

function readText (path: string, file: string, faults: string[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    faults.push(`${path}: cannot be read as UTF-8 text: ${errorText(error)}`)
    return null
  }
}

function checkLists (lists: CodeListFiles, faults: string[]): void {
  const { checkpoint_aliases: _, holidays: __, ...dated } = lists
  for (const list of Object.values(dated)) checkPeriods(list, faults)
  const isProvince = knownCodes(lists.provinces)
  const { isCountry } = createStates(lists)
  const { path, rows } = lists.checkpoints
  for (const { line, entry: { province, neighbour } } of rows) {
    if (!isProvince(province)) faults.push(`${path}:${line}: ${province} is no province`)
    if (neighbour !== '' && lists.states.whole && !isCountry(neighbour)) faults.push(`${path}:${line}: ${neighbour} is no country`)
  }
  checkAliases(lists, faults)
  checkStates(lists, faults)
  checkRules(lists, faults)
  checkCalendar(lists, faults)
}

function createCodeLists (lists: CodeListFiles): CodeLists {
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
    digests: Object.fromEntries(listFileNames.map(name => [name, digestOfList(lists, name)]))
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
