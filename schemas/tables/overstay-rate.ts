// overstay_rate: docs/method.md §5.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_STAYS } from './policies.ts'

export const overstayRate: TableDeclaration = {
  id: 'overstay_rate',
  title: { en: 'Overstay rate: numerator and denominator (stays)', km: 'ភាគរយ ស្នាក់នៅហួសកំណត់' },
  description: {
    en: 'Stays that were due to end in a month, and those of them that did not end in time. The rate is overstayed ' +
      'by expected departures, taken from protected figures.'
  },
  objective: ['GCM 1', 'GCM 11', 'GCM 23'],
  unit: 'stays',
  dimensions: [d.month, d.nationality, d.visaClass],
  measures: [d.count('expected_departures', 'departures'), d.count('overstayed', 'departures')],
  frequency: 'monthly',
  population: 'stays',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_STAYS,
  speed: 'derived',
  available: true
}
