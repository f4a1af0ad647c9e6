// The columns of the fact tables, as decoding fills them and the warehouse stores them. A test proves that the tables
// of the warehouse have exactly these columns in this order.
import type { ColumnKind } from '../core/column-buffer.ts'
import type { ContractName } from './contracts/index.ts'
import type { EnumName } from './enums.ts'

/** The dictionaries whose codes are stored as small integers; 0 is `unknown` in each. */
export const DIMENSIONS = ['checkpoint', 'state', 'province', 'visa_class', 'refusal_reason'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export interface ColumnSpec {
  name: string
  kind: ColumnKind
  nullable?: boolean
  /** The set, for an enum column. */
  set?: EnumName
  /** The dictionary, for a column of codes. */
  dimension?: Dimension
}

/** What every image of a record carries, filled by decoding, before the columns of its contract. */
const IMAGE: readonly ColumnSpec[] = [
  { name: 'record_id', kind: 'text' },
  { name: 'id_hash', kind: 'ubigint' },
  { name: 'revision', kind: 'integer' },
  { name: 'fingerprint', kind: 'uuid' },
  { name: 'received_at', kind: 'timestamptz' },
  { name: 'business_date', kind: 'date' }
]

/** What the writer adds: the order of loading, and +1 for an image or −1 for its retraction. */
export const WRITER_COLUMNS: readonly ColumnSpec[] = [
  { name: 'sequence', kind: 'uinteger' },
  { name: 'weight', kind: 'tinyint' }
]

const code = (name: string, dimension: Dimension): ColumnSpec => ({ name, kind: 'smallint', dimension })
const value = (name: string, set: EnumName, nullable = false): ColumnSpec => ({ name, kind: 'enum', set, nullable })
const day = (name: string, nullable = false): ColumnSpec => ({ name, kind: 'date', nullable })
const instant = (name: string): ColumnSpec => ({ name, kind: 'timestamptz' })
const text = (name: string): ColumnSpec => ({ name, kind: 'text', nullable: true })

const DOCUMENT = [value('document_type', 'document_type'), code('issuing_state', 'state'),
  { name: 'traveller_key', kind: 'uuid' }] as const
const TRAVELLER = [code('nationality', 'state'), value('sex', 'sex'), { name: 'age', kind: 'smallint', nullable: true },
  value('age_band', 'age_band'), code('residence', 'state')] as const

/** The columns of each contract's fact table without the writer's. */
export const FACT_COLUMNS: Readonly<Record<ContractName, readonly ColumnSpec[]>> = {
  'gdi.crossing.v1': [
    ...IMAGE,
    { name: 'business_hour', kind: 'utinyint' }, instant('occurred_at'), instant('recorded_at'),
    code('checkpoint', 'checkpoint'), value('direction', 'direction'), value('decision', 'decision'),
    code('refusal_reason', 'refusal_reason'), value('travel_mode', 'travel_mode'),
    ...DOCUMENT, ...TRAVELLER,
    value('accompaniment', 'accompaniment'), code('visa_class', 'visa_class'), day('permitted_until', true),
    value('purpose', 'purpose'), code('other_country', 'state'), code('destination_province', 'province'),
    text('carrier'), code('returnee_from', 'state'), value('returnee_reason', 'returnee_reason', true),
    value('returnee_nea', 'returnee_nea', true)
  ],
  'gdi.tally.v1': [
    ...IMAGE,
    instant('recorded_at'), code('checkpoint', 'checkpoint'), value('direction', 'direction'),
    value('travel_mode', 'travel_mode'), code('nationality', 'state'), value('sex', 'sex'),
    { name: 'persons', kind: 'integer' }
  ],
  'gdi.extension.v1': [
    ...IMAGE,
    instant('granted_at'), ...DOCUMENT, code('visa_class', 'visa_class'), day('permitted_until')
  ],
  'fpcs.registration.v1': [
    ...IMAGE,
    instant('registered_at'), value('channel', 'registration_channel'), value('reporter', 'registration_reporter'),
    { name: 'accommodation_id', kind: 'text' }, value('accommodation_type', 'accommodation_type'),
    code('province', 'province'), text('district'), text('commune'), ...DOCUMENT, ...TRAVELLER,
    day('check_in'), day('check_out', true)
  ]
}

/** The warehouse table of each contract's images. */
export const FACT_TABLE: Readonly<Record<ContractName, string>> = {
  'gdi.crossing.v1': 'crossings',
  'gdi.tally.v1': 'tallies',
  'gdi.extension.v1': 'extensions',
  'fpcs.registration.v1': 'registrations'
}
