// minors: docs/method.md §9.
import { ENUMS } from '../enums.ts'
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_EVENTS } from './policies.ts'

export const minors: TableDeclaration = {
  id: 'minors',
  title: { en: 'Crossings of minors (movements)', km: 'អនីតិជន ចូល-ចេញ' },
  description: {
    en: 'Movements of travellers under 18 whose date of birth is known, by who accompanied them. The bands end at 18 ' +
      'and differ from those of the other tables.'
  },
  objective: ['GCM 1', 'GCM 11', 'GCM 23'],
  unit: 'persons',
  dimensions: [
    d.month, d.direction, d.nationality, d.sex, d.codes('age_band', ['0-4', '5-9', '10-14', '15-17']),
    d.codes('accompaniment', ENUMS.accompaniment), d.decision
  ],
  measures: [d.count('persons', 'persons')],
  frequency: 'monthly',
  population: 'minors',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_EVENTS,
  speed: 'loading',
  available: true
}
