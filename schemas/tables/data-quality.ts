// data_quality: docs/method.md §1.4 and §9.
import { CONTRACTS } from '../contracts/index.ts'
import { REASONS } from '../reasons.ts'
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { NOT_PERSONAL, NOT_RELEASED } from './policies.ts'

export const dataQuality: TableDeclaration = {
  id: 'data_quality',
  title: { en: 'Data quality (messages)', km: 'កំហុសទិន្នន័យ' },
  description: {
    en: 'Messages that were quarantined, duplicate, superseded or carried unknown fields, by date of receipt; ' +
      'repeated stamps and stays without a beginning or an end, by date of the event.'
  },
  objective: ['GCM 1', 'General Department of Immigration'],
  unit: 'messages',
  dimensions: [
    d.businessDate, d.codes('source', [...CONTRACTS, 'unknown']),
    d.codes('kind', [
      'quarantined', 'duplicate', 'superseded', 'schema_drift', 'repeated_stamp', 'no_begin', 'no_end', 'lapsed'
    ]),
    d.codes('reason', [...REASONS.filter(reason => reason !== 'none'), 'unknown'])
  ],
  measures: [d.count('messages', 'messages')],
  frequency: 'daily',
  population: 'processing',
  disclosure: NOT_PERSONAL,
  revisionPolicy: NOT_RELEASED,
  speed: 'derived',
  available: true
}
