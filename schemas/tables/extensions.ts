// extensions: docs/method.md §3 and §9.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_STAYS } from './policies.ts'

export const extensions: TableDeclaration = {
  id: 'extensions',
  title: { en: 'Extensions of stay granted', km: 'ការបន្តការស្នាក់នៅ' },
  description: {
    en: 'Extensions by the month in which they were granted and the months they add to what was permitted before; ' +
      '`unknown` where no stay matches.'
  },
  objective: ['GCM 1', 'GCM 11'],
  unit: 'extensions',
  // Months granted is a code, not a number: it may be `unknown` and is never added up.
  dimensions: [d.month, d.visaClass, d.nationality, { name: 'months_granted', type: 'code' }],
  measures: [d.count('extensions', 'extensions')],
  frequency: 'monthly',
  population: 'extensions',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_STAYS,
  speed: 'derived',
  available: true
}
