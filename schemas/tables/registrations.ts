// registrations: docs/method.md §9.
import { ENUMS } from '../enums.ts'
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_EVENTS } from './policies.ts'

export const registrations: TableDeclaration = {
  id: 'registrations',
  title: { en: 'Registrations of foreigners at an address', km: 'ការចុះឈ្មោះជនបរទេស' },
  description: {
    en: 'Current registrations by month of check-in, which may lie after the as-of date. A person may be registered ' +
      'many times.'
  },
  objective: ['GCM 1', 'GCM 11', 'General Department of Immigration (FPCS)'],
  unit: 'registrations',
  dimensions: [
    d.month, d.province, d.accommodationType, d.codes('channel', ENUMS.registration_channel),
    d.codes('reporter', ENUMS.registration_reporter), d.nationality
  ],
  measures: [d.count('registrations', 'registrations')],
  frequency: 'monthly',
  population: 'registrations',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_EVENTS,
  speed: 'loading',
  available: true
}
