// A Kafka source in a process of its own, so that it can be stopped and killed: every batch and every look at a position
// goes to the parent, which keeps the ledger. Started by kafka-members.ts.
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'

const { dist, config, warehouseId } = JSON.parse(process.env.MEMBER)
const { createKafkaSource } = await import(pathToFileURL(`${dist}/ingest/kafka/source.js`).href)
const { messageAt } = await import(pathToFileURL(`${dist}/core/packed-messages.js`).href)
const { systemClock } = await import(pathToFileURL(`${dist}/core/clock.js`).href)

const silent = () => {}
const log = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, child: () => log }
const asked = new Map()
let number = 0

process.on('message', ({ id, answer }) => {
  asked.get(id)?.(answer)
  asked.delete(id)
})
process.on('disconnect', () => { process.exit(0) })

const ask = (name, ...args) => new Promise(resolve => {
  asked.set(++number, resolve)
  process.send({ id: number, name, args })
})

const source = createKafkaSource(config, {
  positions: {
    positions: async name => await ask('positions', name),
    start: async (...args) => await ask('start', ...args),
    recordLost: async (...args) => { await ask('recordLost', ...args) }
  },
  warehouseId,
  markKey: Buffer.from('test'),
  log,
  clock: systemClock
})
const texts = messages => Array.from(messages.offsets, (offset, i) => ({
  offset, receivedAtMs: messages.receivedAtMs[i], value: Buffer.from(messageAt(messages, i)).toString()
}))
const taker = {
  submit: async batch => ({ durable: ask('commit', { ...batch, messages: texts(batch.messages) }) })
}
const abort = new AbortController()
process.on('SIGTERM', () => { abort.abort() })
try {
  await source.run(taker, abort.signal)
  process.exitCode = 0
} catch (error) {
  process.send({ id: 0, name: 'failed', args: [error.code ?? String(error)] })
  process.exitCode = 1
}
process.disconnect()
await once(process, 'exit')
