// feed_health: docs/method.md §9.
import type { TableDeclaration, TableMeasure } from './declaration.ts'
import * as d from './dimensions.ts'
import { NOT_PERSONAL, NOT_RELEASED } from './policies.ts'

// The median of an hour says nothing of the median of a day.
const delay = (name: string): TableMeasure => ({ name, unit: 'seconds', summable: 'none', type: 'number' })

export const feedHealth: TableDeclaration = {
  id: 'feed_health',
  title: { en: 'Feed health by hour (messages)', km: 'ទិន្នន័យចូល' },
  description: {
    en: 'Messages of a checkpoint in an hour beside what its last eight weeks lead to expect, and the delays from ' +
      'the event to the desk system and from there to receipt (median and 95th percentile).'
  },
  objective: ['GCM 11', 'General Department of Immigration'],
  unit: 'messages',
  dimensions: [{ name: 'source', type: 'code' }, d.checkpoint, d.businessDate, d.hour],
  measures: [
    d.count('messages', 'messages'),
    // A median of eight counts may end in a half.
    { name: 'expected', unit: 'messages', summable: 'sum', type: 'number' },
    delay('delay_desk_p50'), delay('delay_desk_p95'), delay('delay_board_p50'), delay('delay_board_p95')
  ],
  frequency: 'hourly',
  population: 'processing',
  disclosure: NOT_PERSONAL,
  revisionPolicy: NOT_RELEASED,
  speed: 'derived',
  available: true
}
