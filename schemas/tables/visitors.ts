// visitors: docs/method.md §7 (IRTS 2008).
import type { TableDeclaration } from './declaration.ts'
import * as d from './dimensions.ts'
import { PROTECTED, REVISED_BY_STAYS } from './policies.ts'

export const visitors: TableDeclaration = {
  id: 'visitors',
  title: { en: 'International visitors (inbound trips)', km: 'ភ្ញៀវទេសចរ' },
  description: {
    en: 'Inbound trips of visitors by IRTS 2008: overnight visitors (tourists) and same-day visitors. A visitor who ' +
      'comes twice counts twice. Nights are those of closed stays. Nationals who live abroad are not included.'
  },
  objective: ['GCM 1', 'Ministry of Tourism', 'National Institute of Statistics'],
  unit: 'visits',
  dimensions: [
    d.month, { name: 'residence', type: 'code', codeList: 'states' }, d.nationality, d.purpose, d.mode,
    d.codes('kind', ['overnight', 'same_day'])
  ],
  measures: [d.count('visitors', 'visits'), d.count('nights', 'nights')],
  frequency: 'monthly',
  population: 'stays',
  disclosure: PROTECTED,
  revisionPolicy: REVISED_BY_STAYS,
  speed: 'derived',
  available: true
}
