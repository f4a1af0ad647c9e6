// overstays: docs/method.md §5.
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_STAYS } from './policies.ts'

export const overstays: TableDeclaration = {
  id: 'overstays',
  title: { en: 'Overstays (stays)', km: 'ស្នាក់នៅហួសកំណត់' },
  description: {
    en: 'Stays past the last authorised day as of one date: still in the country, ended too late (all closed stays ' +
      'up to that date), or unconfirmed because an exit may be lost. The fine is what the dated daily rates give.'
  },
  objective: ['GCM 1', 'GCM 11', 'GCM 23'],
  unit: 'stays',
  dimensions: [
    { name: 'as_of', type: 'date' }, d.codes('kind', ['in_country', 'out_of_country', 'unconfirmed']), d.nationality,
    d.visaClass, d.codes('length_band', ['1-7', '8-30', '31-90', '91-180', '181-365', '366+'])
  ],
  measures: [d.count('stays', 'stays'), d.count('days', 'days'), d.count('fine_usd', 'USD')],
  frequency: 'daily',
  population: 'stays',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_STAYS,
  speed: 'derived',
  available: true
}
