// The columns of the derived tables, as they are written. A test proves that the tables of the warehouse have them.
import type { ColumnKind } from '../../core/column-buffer.ts'

export interface DerivedColumn { name: string, kind: ColumnKind, nullable: boolean }

const column = (kind: ColumnKind, nullable: boolean) => (name: string): DerivedColumn => ({ name, kind, nullable })
const uuid = column('uuid', false)
const integer = column('integer', false)
const code = column('smallint', false)
const codeOrNull = column('smallint', true)
const value = column('enum', false)
const valueOrNull = column('enum', true)
const day = column('date', false)
const dayOrNull = column('date', true)
const instantOrNull = column('timestamptz', true)

export const DERIVED_COLUMNS = {
  stays: [
    uuid('traveller_key'), integer('number'), value('side'), value('state'),
    instantOrNull('began_at'), dayOrNull('began_on'), codeOrNull('entry_checkpoint'),
    instantOrNull('ended_at'), dayOrNull('ended_on'), codeOrNull('exit_checkpoint'), dayOrNull('walk_ended_on'),
    code('nationality'), value('sex'), value('age_band'), code('visa_class'), code('destination_province'),
    value('purpose'), code('residence'), value('travel_mode'), value('document_type'), dayOrNull('permitted_until'),
    valueOrNull('in_outcome'), valueOrNull('in_published'), valueOrNull('out_published'),
    codeOrNull('out_nationality'), valueOrNull('out_sex'), valueOrNull('out_age_band'),
    valueOrNull('coverage'), codeOrNull('registered_province'), valueOrNull('accommodation_type'), dayOrNull('due_on')
  ],
  stock_spells: [
    uuid('traveller_key'), day('from_date'), dayOrNull('until_date'), code('nationality'), value('sex'),
    value('age_band'), code('visa_class'), code('province')
  ],
  repeated_stamps: [uuid('traveller_key'), day('business_date')],
  extension_grants: [
    uuid('traveller_key'), day('business_date'), code('visa_class'), code('nationality'),
    column('integer', true)('months_granted')
  ]
} as const satisfies Record<string, readonly DerivedColumn[]>

export type DerivedTable = keyof typeof DERIVED_COLUMNS

/** The tables with rows by traveller, in the order in which they are written. */
export const DERIVED_TABLES = Object.keys(DERIVED_COLUMNS) as DerivedTable[]
