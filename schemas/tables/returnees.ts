// returnees: docs/method.md §9.
import { ENUMS } from '../enums.ts'
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_EVENTS } from './policies.ts'

export const returnees: TableDeclaration = {
  id: 'returnees',
  title: { en: 'Returning nationals (movements)', km: 'ពលរដ្ឋខ្មែរវិលត្រឡប់' },
  description: {
    en: 'Admitted arrivals of Cambodian nationals who were recorded as returnees: where from, why, and what they ' +
      'asked of the National Employment Agency.'
  },
  objective: ['GCM 1', 'GCM 23', 'Ministry of Labour and Vocational Training'],
  unit: 'persons',
  dimensions: [
    d.month, d.checkpoint, { name: 'returned_from', type: 'code', codeList: 'states' },
    d.codes('reason', ENUMS.returnee_reason), d.codes('nea', ENUMS.returnee_nea), d.sex, d.ageBand, d.province
  ],
  measures: [d.count('persons', 'persons')],
  frequency: 'monthly',
  population: 'returnees',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_EVENTS,
  speed: 'loading',
  available: true
}
