// registration_coverage: docs/method.md §6.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_STAYS } from './policies.ts'

export const registrationCoverage: TableDeclaration = {
  id: 'registration_coverage',
  title: { en: 'Registration of foreigners within 24 hours (stays)', km: 'ភាគរយនៃការចុះឈ្មោះជនបរទេស' },
  description: {
    en: 'Stays that lasted past 24 hours by whether the traveller was registered at an address within 24 hours, ' +
      'later or never. Where there is no registration the province is that of destination and the type is unknown.'
  },
  objective: ['GCM 1', 'GCM 11', 'General Department of Immigration (FPCS)'],
  unit: 'stays',
  dimensions: [
    d.month, d.province, d.accommodationTypeOrUnknown, d.visaClass, d.nationality,
    d.codes('outcome', ['within_24h', 'later', 'never'])
  ],
  measures: [d.count('stays', 'stays')],
  frequency: 'monthly',
  population: 'stays',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_STAYS,
  speed: 'derived',
  available: true
}
