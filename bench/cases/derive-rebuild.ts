// A full rebuild of the derived tables, as the service does it at first: events are travellers.
import { rebuildDerived } from '../../dags/derivation/rebuild.ts'
import { contextAt, LAST_DAY, openHistory } from '../derive/history.ts'
import { argument, measure } from '../measure.ts'

const warehouse = await openHistory(argument('folder'))
const connection = await warehouse.connect()
await measure(async () => {
  const state = await rebuildDerived(connection, contextAt(warehouse, LAST_DAY, Number(argument('memory', '2048'))))
  return { events: state.travellers, bytes: 0 }
})
await warehouse.close()
