// flows_hourly: docs/method.md §2.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_EVENTS } from './policies.ts'

export const flowsHourly: TableDeclaration = {
  id: 'flows_hourly',
  title: { en: 'Arrivals and exits by hour (movements)', km: 'លំហូរអ្នកដំណើរចូល-ចេញ (ម៉ោង)' },
  description: {
    en: 'Movements of persons by hour of the day (0–23 at UTC+7) and checkpoint, from single crossings only: tallies ' +
      'have no hour.'
  },
  objective: ['GCM 11'],
  unit: 'persons',
  dimensions: [d.businessDate, d.hour, d.checkpoint, d.direction, d.decision],
  measures: [d.count('persons', 'persons')],
  frequency: 'hourly',
  population: 'arrivals and exits',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_EVENTS,
  speed: 'loading',
  cutAtAsOf: true,
  available: true
}
