// stock: docs/method.md §4.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_STAYS } from './policies.ts'

export const stock: TableDeclaration = {
  id: 'stock',
  title: { en: 'Foreigners present (people, at the end of each date)', km: 'ចំនួនជនបរទេសមានវត្តមាន' },
  description: {
    en: 'People present at the end of a date. It is defined for every date from the first fact to the as-of date; ' +
      'over a longer period it is the figure of the last date, never a sum over dates.'
  },
  objective: ['GCM 1', 'National Institute of Statistics'],
  unit: 'persons',
  dimensions: [d.businessDate, d.nationality, d.sex, d.ageBand, d.visaClass, d.province],
  measures: [{ name: 'persons', unit: 'persons', summable: 'last', type: 'integer' }],
  frequency: 'daily',
  population: 'stays',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_STAYS,
  speed: 'derived',
  available: true
}
