// What the walks found about one traveller, as rows of the derived tables.
import type { DuckDBConnection } from '@duckdb/node-api'
import { DERIVED_TABLES, type DerivedTable } from '../../sinks/derived/columns.ts'
import { createTableWriter, type DerivedTarget, type TableWriter } from '../../sinks/derived/table-writer.ts'
import { type History, type KeyedColumns, NO_DAY } from '../../transforms/walks/columns.ts'
import { CLOSED, NO_BEGIN, NONE } from '../../transforms/walks/outcomes.ts'
import type { WalkedStay, WalkedTraveller } from '../../transforms/walks/traveller.ts'

export type Writers = Readonly<Record<DerivedTable, TableWriter>>

/** Writers of all derived tables of a target. */
export function createWriters (connection: DuckDBConnection, target: DerivedTarget): Writers {
  return Object.fromEntries(DERIVED_TABLES.map(table =>
    [table, createTableWriter(connection, target, table)])) as Record<DerivedTable, TableWriter>
}

/** Writes one traveller's rows. */
export function writeTraveller (writers: Writers, history: History, walked: WalkedTraveller): void {
  const { crossings, extensions } = history
  for (const [number, walkedStay] of walked.stays.entries()) {
    writeStay(writers.stays, history, walked, walkedStay, number)
    writeSpells(writers.stock_spells, history, walkedStay)
  }
  for (const row of walked.repeated) {
    writers.repeated_stamps.begin(crossings.key, row)
    writers.repeated_stamps.put(crossings.day[row] as number)
  }
  for (const { row, stay, months } of walked.grants) {
    const granted = walked.stays[stay]
    const writer = writers.extension_grants
    writer.begin(extensions.key, row)
    writer.put(extensions.day[row] as number)
    writer.put(extensions.visaClass[row] as number)
    // Number 0 is `unknown` in every dictionary.
    writer.put(granted === undefined ? 0 : crossings.nationality[granted.stay.begin] as number)
    writer.put(months)
  }
}

function writeStay (
  writer: TableWriter, history: History, walked: WalkedTraveller, { stay, events, coverage }: WalkedStay, number: number
): void {
  const { crossings, registrations } = history
  const { begin, state } = stay
  const subject = begin < 0 ? stay.end : begin
  // A `no_end` is ended by an in, which is no exit; a lapse has no crossing at all.
  const exit = state === CLOSED || state === NO_BEGIN ? stay.end : -1
  const registered = coverage.row
  writer.begin(crossings.key, subject)
  writer.put(number)
  writer.put(walked.side)
  writer.put(state)
  writer.putInstant(begin < 0 ? null : crossings.occurredAt[begin] as number)
  writer.put(dayOrNull(stay.beganOn))
  writer.put(begin < 0 ? null : crossings.checkpoint[begin] as number)
  writer.putInstant(Number.isNaN(stay.endedAt) ? null : stay.endedAt)
  writer.put(dayOrNull(stay.endedOn))
  writer.put(exit < 0 ? null : crossings.checkpoint[exit] as number)
  writer.put(dayOrNull(stay.walkEndedOn))
  writer.put(crossings.nationality[subject] as number)
  writer.put(crossings.sex[subject] as number)
  writer.put(crossings.ageBand[subject] as number)
  writer.put(crossings.visaClass[subject] as number)
  writer.put(crossings.province[subject] as number)
  writer.put(crossings.purpose[subject] as number)
  writer.put(crossings.residence[subject] as number)
  writer.put(crossings.travelMode[subject] as number)
  writer.put(crossings.documentType[subject] as number)
  writer.put(dayOrNull(stay.permittedUntil))
  writer.put(outcomeOrNull(events.inOutcome))
  writer.put(outcomeOrNull(events.inPublished))
  writer.put(outcomeOrNull(events.outPublished))
  writer.put(exit < 0 ? null : crossings.nationality[exit] as number)
  writer.put(exit < 0 ? null : crossings.sex[exit] as number)
  writer.put(exit < 0 ? null : crossings.ageBand[exit] as number)
  writer.put(outcomeOrNull(coverage.outcome))
  writer.put(registered < 0 ? null : registrations.province[registered] as number)
  writer.put(registered < 0 ? null : registrations.accommodationType[registered] as number)
  // A traveller is due once: the day stands with the first stay.
  writer.put(number === 0 && walked.dueOn !== Infinity ? walked.dueOn : null)
}

function writeSpells (writer: TableWriter, { crossings }: History, { stay, spells }: WalkedStay): void {
  for (const { from, until, province } of spells) {
    writer.begin(crossings.key, stay.begin)
    writer.put(from)
    writer.put(dayOrNull(until))
    writer.put(crossings.nationality[stay.begin] as number)
    writer.put(crossings.sex[stay.begin] as number)
    writer.put(crossings.ageBand[stay.begin] as number)
    writer.put(crossings.visaClass[stay.begin] as number)
    writer.put(province)
  }
}

const dayOrNull = (day: number): number | null => day === NO_DAY ? null : day
const outcomeOrNull = (outcome: number): number | null => outcome === NONE ? null : outcome

/** Orders two travellers as DuckDB orders their keys: a signed 128-bit integer, lowest word first. */
export function compareKeys (a: KeyedColumns, rowA: number, b: KeyedColumns, rowB: number): number {
  const signed = ((a.key[rowA * 4 + 3] as number) | 0) - ((b.key[rowB * 4 + 3] as number) | 0)
  if (signed !== 0) return signed
  for (let word = 2; word >= 0; word--) {
    const difference = (a.key[rowA * 4 + word] as number) - (b.key[rowB * 4 + word] as number)
    if (difference !== 0) return difference
  }
  return 0
}
