// stays_summary: docs/method.md §3 and §11.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_STAYS } from './policies.ts'

export const staysSummary: TableDeclaration = {
  id: 'stays_summary',
  title: { en: 'Stays by state', km: 'ចំនួនការស្នាក់អាស្រ័យ' },
  description: {
    en: 'Stays of travellers in Cambodia (side `inside`) and of nationals outside it (side `abroad`) by the month in ' +
      'which they began, for `no_begin` the month in which they ended. Nights are those of closed stays.'
  },
  objective: ['GCM 1', 'National Institute of Statistics'],
  unit: 'stays',
  dimensions: [
    d.month, d.side, d.codes('state', ['open', 'closed', 'lapsed', 'no_end', 'no_begin']), d.nationality, d.sex,
    d.ageBand, d.visaClass
  ],
  measures: [d.count('stays', 'stays'), d.count('nights', 'nights')],
  frequency: 'monthly',
  population: 'stays',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_STAYS,
  speed: 'derived',
  available: true
}
