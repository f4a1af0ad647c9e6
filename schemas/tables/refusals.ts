// refusals: docs/method.md §9.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_EVENTS } from './policies.ts'

export const refusals: TableDeclaration = {
  id: 'refusals',
  title: { en: 'Refused crossings (movements)', km: 'មិនអនុញ្ញាតឱ្យចូល-ចេញ' },
  description: { en: 'Crossings that were refused, by checkpoint, direction, nationality and the reason recorded.' },
  objective: ['GCM 1', 'GCM 11'],
  unit: 'persons',
  dimensions: [
    d.month, d.checkpoint, d.mode, d.direction, d.nationality,
    { name: 'reason', type: 'code', codeList: 'refusal_reasons' }
  ],
  measures: [d.count('persons', 'persons')],
  frequency: 'monthly',
  population: 'refusals',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_EVENTS,
  speed: 'loading',
  available: true
}
