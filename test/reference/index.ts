// Owns the reference model as a whole: messages in; outcomes, accounting and tables out.
import { type Columns, csv, type Row, tabulate, type Tick } from './csv.ts'
import { day, type Day } from './dates.ts'
import { flows, flowsHourly } from './flows.ts'
import { type Images, type ReferenceMessage, type ReferenceOutcome, take } from './images.ts'
import { type Event, migrants, migrationEvents } from './migrants.ts'
import type { Crossing, Registration } from './records.ts'
import { type Grant, permit } from './permitted-until.ts'
import { dataQuality, extensions, minors, refusals, registrations, returnees } from './smaller-tables.ts'
import { overstayRate, overstays, registrationCoverage, staysSummary, visitors } from './stay-tables.ts'
import { lapse, type Stay, walk, type Walk } from './stays.ts'
import { stock } from './stock.ts'

export { csv, type ReferenceMessage, type ReferenceOutcome }

export interface Accounting {
  messages: number
  loaded: number
  duplicate: number
  superseded: number
  quarantined: number
  quarantined_by_reason: Record<string, number>
  /** Contract, then outcome; `quarantined:REASON` for each reason. */
  by_contract: Record<string, Record<string, number>>
}

export interface ReferenceResult {
  /** One per message, in order. */
  outcomes: ReferenceOutcome[]
  accounting (): Accounting
  /** Rows as text, columns in the published order, sorted by code point. `asOf` is `YYYY-MM-DD`. */
  table (name: string, asOf: string): Row[]
}

const columns = `
flows business_date checkpoint direction decision mode nationality sex age_band visa_class purpose source | persons
flows_hourly business_date hour checkpoint direction decision | persons
stays_summary month side state nationality sex age_band visa_class | stays nights
stock business_date nationality sex age_band visa_class province | persons
overstays as_of kind nationality visa_class length_band | stays days fine_usd
overstay_rate month nationality visa_class | expected_departures overstayed
registration_coverage month province accommodation_type visa_class nationality outcome | stays
visitors month residence nationality purpose mode kind | visitors nights
migrants month side flow nationality sex age_band outcome | crossings
minors month direction nationality sex age_band accompaniment decision | persons
returnees month checkpoint returned_from reason nea sex age_band province | persons
refusals month checkpoint mode direction nationality reason | persons
extensions month visa_class nationality months_granted | extensions
registrations month province accommodation_type channel reporter nationality | registrations
data_quality business_date source kind reason | messages
`

/** Every table of the method page but `feed_health`, with its columns: those that make a row, those that are summed. */
export const tables: Record<string, Columns> = Object.fromEntries(columns.trim().split('\n').map(line => {
  const [[name = '', ...dimensions] = [], measures = []] = line.split(' | ').map(part => part.split(' '))
  return [name, { dimensions, measures }]
}))

/** Computes what the messages, taken in this order, must give. */
export function reference (messages: readonly ReferenceMessage[]): ReferenceResult {
  const { outcomes, images } = take(messages)
  const receivedAtMs = messages.map(message => message.receivedAtMs)
  const known = new Map<string, Derived>()
  const derivedAt = (asOf: string): Derived => {
    const derived = known.get(asOf) ?? derive(images, day(asOf))
    known.set(asOf, derived)
    return derived
  }
  return {
    outcomes,
    accounting: () => accountingOf(outcomes),
    table: (name, asOf) => {
      const published = tables[name]
      if (published === undefined) throw new Error(`no such table: ${name}`)
      return tabulate(published, ticksOf(name, derivedAt(asOf), outcomes, receivedAtMs))
    }
  }
}

/** Everything that is derived from the facts up to as_of. */
interface Derived {
  asOf: Day
  facts: Images
  walks: Walk[]
  stays: Stay[]
  grants: Grant[]
  events: Event[]
  registrationsOf: (stay: Stay) => readonly Registration[]
}

function derive (images: Images, asOf: Day): Derived {
  const upTo = <Fact extends { day: Day }>(facts: Fact[]): Fact[] => facts.filter(fact => fact.day <= asOf)
  const facts = {
    crossings: upTo(images.crossings),
    tallies: upTo(images.tallies),
    extensions: upTo(images.extensions),
    registrations: upTo(images.registrations)
  }
  const admitted = facts.crossings.filter(crossing => crossing.decision === 'admitted')
  const crossingsBy = byTraveller(admitted)
  const extensionsBy = byTraveller(facts.extensions)
  const registrationsBy = byTraveller(facts.registrations)
  const firstFact = admitted.reduce((first: Day, crossing: Crossing) => Math.min(first, crossing.day), asOf)

  const walks = [...crossingsBy].map(([traveller, crossings]) => walk(traveller, crossings))
  const grants = walks.flatMap(({ traveller, stays }) => permit(stays, extensionsBy.get(traveller) ?? [], asOf))
  const ofNobody = facts.extensions.filter(extension => !crossingsBy.has(extension.traveller))
    .map(extension => ({ extension, stay: undefined, months: undefined }))
  const stays = walks.flatMap(({ stays }) => stays)
  for (const stay of stays) lapse(stay, asOf)
  const events = walks.flatMap(({ stays }) => migrationEvents(stays, firstFact, asOf))
  const registrationsOf = (stay: Stay): readonly Registration[] => registrationsBy.get(stay.traveller) ?? []
  return { asOf, facts, walks, stays, grants: [...grants, ...ofNobody], events, registrationsOf }
}

function byTraveller<Fact extends { traveller: string }> (facts: readonly Fact[]): Map<string, Fact[]> {
  const groups = new Map<string, Fact[]>()
  for (const fact of facts) {
    const group = groups.get(fact.traveller)
    if (group === undefined) groups.set(fact.traveller, [fact])
    else group.push(fact)
  }
  return groups
}

function ticksOf (name: string, derived: Derived, outcomes: readonly ReferenceOutcome[],
  receivedAtMs: readonly number[]): Iterable<Tick> {
  const { asOf, facts, walks, stays, grants, events, registrationsOf } = derived
  switch (name) {
    case 'flows': return flows(facts.crossings, facts.tallies)
    case 'flows_hourly': return flowsHourly(facts.crossings)
    case 'stays_summary': return staysSummary(stays)
    case 'stock': return stock(stays, registrationsOf, asOf)
    case 'overstays': return overstays(stays, asOf)
    case 'overstay_rate': return overstayRate(stays, asOf)
    case 'registration_coverage': return registrationCoverage(stays, registrationsOf, asOf)
    case 'visitors': return visitors(events, asOf)
    case 'migrants': return migrants(events)
    case 'minors': return minors(facts.crossings)
    case 'returnees': return returnees(facts.crossings)
    case 'refusals': return refusals(facts.crossings)
    case 'extensions': return extensions(grants)
    case 'registrations': return registrations(facts.registrations)
    case 'data_quality': return dataQuality(outcomes, receivedAtMs, walks)
    default: throw new Error(`no such table: ${name}`)
  }
}

function accountingOf (outcomes: readonly ReferenceOutcome[]): Accounting {
  const count = (outcome: string): number => outcomes.filter(one => one.outcome === outcome).length
  const byReason: Record<string, number> = {}
  const byContract: Record<string, Record<string, number>> = {}
  for (const { contract, outcome, reason } of outcomes) {
    const counts = byContract[contract] ??= {}
    const name = reason === undefined ? outcome : `${outcome}:${reason}`
    counts[name] = (counts[name] ?? 0) + 1
    if (reason !== undefined) byReason[reason] = (byReason[reason] ?? 0) + 1
  }
  return {
    messages: outcomes.length,
    loaded: count('loaded'),
    duplicate: count('duplicate'),
    superseded: count('superseded'),
    quarantined: count('quarantined'),
    quarantined_by_reason: byReason,
    by_contract: byContract
  }
}
