// migrants: docs/method.md §8 (12/16-month rule).
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { FINAL_AFTER_16_MONTHS, PROTECTED } from './policies.ts'

export const migrants: TableDeclaration = {
  id: 'migrants',
  title: { en: 'Long-term migrants by the 12/16-month rule (crossings)', km: 'ចំណាកស្រុក (12/16 ខែ)' },
  description: {
    en: 'Crossings by whether they changed the traveller’s long-term residence: side and flow give foreigners in and ' +
      'out, nationals out and back. Outcomes that cannot be told yet are `undetermined`.'
  },
  objective: ['GCM 1', 'National Institute of Statistics'],
  unit: 'crossings',
  dimensions: [
    d.month, d.side, d.codes('flow', ['in', 'out']), d.nationality, d.sex, d.ageBand,
    d.codes('outcome', ['migrant', 'not_migrant', 'not_a_change', 'undetermined'])
  ],
  measures: [d.count('crossings', 'crossings')],
  frequency: 'monthly',
  population: 'stays',
  disclosure: PROTECTED,
  revisionPolicy: FINAL_AFTER_16_MONTHS,
  speed: 'derived',
  available: true
}
