// The code lists of schemas/lists: read, checked and indexed once at start, with a department's overlay if it has one.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BorderflowError, errorText } from '../../core/errors.ts'
import { packageFile } from '../../core/package-root.ts'
import { checkCalendar } from './calendar.ts'
import { checkAliases } from './checkpoints.ts'
import { type CodeLists, createCodeLists } from './code-lists.ts'
import { type CodeListFiles, knownCodes } from './list-files.ts'
import { listFileNames } from './list-schemas.ts'
import { readList } from './read-list.ts'
import { checkStates, createStates } from './states.ts'
import { checkRules } from './stays-and-fines.ts'
import { checkPeriods } from './validity.ts'

export { foldAlias } from './fold-alias.ts'
export type { Calendar, HolidayDay, Hours } from './calendar.ts'
export type { CheckpointEntry } from './checkpoints.ts'
export type { CodeLists } from './code-lists.ts'
export type { ListEntry, ListName } from './list-schemas.ts'

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
