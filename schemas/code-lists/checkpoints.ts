// Checkpoints by code or alias, as the list stands on a day.
import { foldAlias } from './fold-alias.ts'
import type { ListEntry } from './list-schemas.ts'
import { type CodeListFiles, knownCodes } from './list-files.ts'
import { groupBy, isValidOn, periodsOverlap } from './validity.ts'

export type CheckpointEntry = ListEntry<'checkpoints'>
export type CheckpointLists = Pick<CodeListFiles, 'checkpoints' | 'checkpoint_aliases'>

/** Finds the row valid on a day (days since 1970-01-01), or says why there is none. */
export type ResolveCheckpoint = (text: string, day: number) => CheckpointEntry | 'checkpoint_unknown' | 'checkpoint_closed'

const SEEN_TEXTS_MAX = 4096

/** By exact code first, then by folded alias. Codes and alias texts seen before cost one look-up. */
export function createCheckpointResolver (lists: CheckpointLists): ResolveCheckpoint {
  const byCode = groupBy(lists.checkpoints.rows.map(row => row.entry), entry => entry.code)
  const byAlias = new Map<string, CheckpointEntry[]>()
  for (const [alias, namings] of aliasNamings(lists)) byAlias.set(alias, namings.map(naming => naming.entry))
  const seen = new Map<string, CheckpointEntry[]>()

  function lookUp (text: string): CheckpointEntry[] | undefined {
    const known = byCode.get(text) ?? seen.get(text)
    if (known !== undefined) return known
    const found = byAlias.get(foldAlias(text))
    // Only known spellings are kept, so junk cannot push them out; their variants of case and space are endless.
    if (found !== undefined) {
      if (seen.size >= SEEN_TEXTS_MAX) seen.clear()
      seen.set(text, found)
    }
    return found
  }

  return (text, day) => {
    const entries = lookUp(text)
    if (entries === undefined) return 'checkpoint_unknown'
    for (const entry of entries) if (isValidOn(entry, day)) return entry
    return 'checkpoint_closed'
  }
}

/** Notes aliases of unknown codes, aliases with no letter or digit, and aliases of two checkpoints on the same day. */
export function checkAliases (lists: CheckpointLists, faults: string[]): void {
  const isCheckpoint = knownCodes(lists.checkpoints)
  const { path, rows } = lists.checkpoint_aliases
  for (const { line, entry } of rows) {
    if (!isCheckpoint(entry.code)) faults.push(`${path}:${line}: ${entry.code} is no checkpoint`)
    if (foldAlias(entry.alias) === '') faults.push(`${path}:${line}: the alias has no letter or digit`)
  }
  for (const namings of aliasNamings(lists).values()) {
    for (const [index, naming] of namings.entries()) {
      const rival = namings.slice(0, index).find(other =>
        other.entry.code !== naming.entry.code && periodsOverlap(other.entry, naming.entry))
      if (rival === undefined) continue
      faults.push(`${naming.where}: "${naming.alias}" means ${naming.entry.code}, ` +
        `and ${rival.entry.code} on the same day at ${rival.where}`)
    }
  }
}

/** The spelling `alias`, written at `where`, means the checkpoint `entry` while that row is valid. */
interface Naming { alias: string, entry: CheckpointEntry, where: string }

/** What each folded alias names. A row's own names hold for its period, a listed alias for all rows of its code. */
function aliasNamings ({ checkpoints, checkpoint_aliases: aliases }: CheckpointLists): Map<string, Naming[]> {
  const ofRows = checkpoints.rows.flatMap(({ line, entry }): Naming[] =>
    ownNames(entry).map(alias => ({ alias, entry, where: `${checkpoints.path}:${line}` })))
  const rowsOf = groupBy(checkpoints.rows, row => row.entry.code)
  const listed = aliases.rows.flatMap(({ line, entry: { alias, code } }): Naming[] =>
    (rowsOf.get(code) ?? []).map(({ entry }) => ({ alias, entry, where: `${aliases.path}:${line}` })))
  const namings = groupBy([...ofRows, ...listed], naming => foldAlias(naming.alias))
  namings.delete('')
  return namings
}

function ownNames (entry: CheckpointEntry): string[] {
  const withoutParentheses = entry.nameEn.replace(/\([^)]*\)/g, ' ')
  return [entry.code, entry.nameEn, withoutParentheses, entry.nameKm, entry.iata, entry.icao, entry.unlocode]
}
