// One refresh of the derived tables after new events, on a history that has been rebuilt before: events are travellers.
import { DERIVATION_DEFAULTS } from '../../dags/derivation/derivation.ts'
import { refreshDerived } from '../../dags/derivation/refresh.ts'
import { addEvents, contextAt, LAST_DAY, openHistory } from '../derive/history.ts'
import { argument, measure } from '../measure.ts'

const warehouse = await openHistory(argument('folder'))
const connection = await warehouse.connect()
// The new events are of the day that tables are as of: a day that passes is refreshed before they come.
await refreshDerived(connection, contextAt(warehouse, LAST_DAY), DERIVATION_DEFAULTS)
await addEvents(warehouse, LAST_DAY, Number(argument('batch')), Number(argument('events', '40000')))
await measure(async () => {
  const { travellers, rebuilt } = await refreshDerived(connection, contextAt(warehouse, LAST_DAY), DERIVATION_DEFAULTS)
  if (rebuilt) throw new Error('the refresh was a rebuild')
  return { events: travellers, bytes: 0 }
})
await warehouse.close()
