// Makes the history that the other cases of derivation measure on.
import { readRows } from '../../core/database.ts'
import { makeHistory, openHistory } from '../derive/history.ts'
import { argument, measure } from '../measure.ts'

const warehouse = await openHistory(argument('folder'), 3072)
await measure(async () => {
  await makeHistory(warehouse, Number(argument('crossings')))
  const [row] = await warehouse.read(async connection => await readRows<{ events: bigint }>(connection,
    'select count(*) as events from main.crossings'))
  return { events: Number(row?.events ?? 0), bytes: 0 }
})
await warehouse.close()
