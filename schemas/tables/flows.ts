// flows: docs/method.md §2.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_EVENTS } from './policies.ts'

export const flows: TableDeclaration = {
  id: 'flows',
  title: { en: 'Arrivals and exits (movements)', km: 'លំហូរអ្នកដំណើរចូល-ចេញ' },
  description: {
    en: 'Movements of persons across the border by date, checkpoint and characteristics. A person who crosses twice ' +
      'counts twice. Tallies of local gates count with source `tally`.'
  },
  objective: ['GCM 1', 'GCM 11', 'Ministry of Tourism', 'National Institute of Statistics'],
  unit: 'persons',
  dimensions: [
    d.businessDate, d.checkpoint, d.direction, d.decision, d.mode, d.nationality, d.sexOrUnstated, d.ageBand,
    d.visaClass, d.purpose, d.codes('source', ['crossing', 'tally'])
  ],
  measures: [d.count('persons', 'persons')],
  frequency: 'daily',
  population: 'arrivals and exits',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_EVENTS,
  speed: 'loading',
  cutAtAsOf: true,
  available: true
}
