// A consumer that is stopped while kafkajs makes its fetchers anew ends, and asks its brokers nothing more.
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { mendStoppedRunner } from '../../../ingest/kafka/stopped-runner.ts'

interface RunningConsumer { start (): Promise<void>, stop (): Promise<void>, consuming: boolean }
const load = createRequire(import.meta.url)
const Runner = load('kafkajs/src/consumer/runner.js') as new (options: object) => RunningConsumer

/** Far more than a consumer that ends logs; one that does not would never let the test go on. */
const LINES_MAX = 1_000

/** kafkajs' own runner over a group whose brokers and answers the test gives. */
function runnerOver (nodes: () => string[]) {
  const answers = new Map<string, () => void>()
  const asked: string[] = []
  let lines = 0
  const debug = (): void => {
    if (++lines > LINES_MAX) throw new Error('the consumer did not end')
  }
  const logger = { namespace: () => logger, debug, info: debug, warn: debug, error: debug }
  const consumerGroup = {
    connect: async () => {},
    joinAndSync: async () => {},
    heartbeat: async () => {},
    leave: async () => {},
    getNodeIds: nodes,
    fetch: async (node: string) => {
      asked.push(node)
      await new Promise<void>(resolve => answers.set(node, resolve))
      return []
    }
  }
  const crashes: unknown[] = []
  const runner = new Runner({
    logger,
    consumerGroup,
    instrumentationEmitter: { emit: () => {} },
    concurrency: 1,
    eachBatch: async () => {},
    onCrash: (error: unknown) => { crashes.push(error) }
  })
  return { runner, asked, crashes, lines: () => lines, answer: (node: string) => answers.get(node)?.() }
}

const turn = async (): Promise<void> => await new Promise(resolve => setImmediate(resolve))

describe('a consumer that is stopped', () => {
  mendStoppedRunner()

  it('while its brokers change ends', async () => {
    let nodes = ['1', '2']
    const { runner, asked, crashes, lines, answer } = runnerOver(() => nodes)
    await runner.start()
    await turn()
    expect(asked).toEqual(['1', '2'])
    // The second fetcher sees the change, and waits for the first to have its answer before both are made anew.
    nodes = ['1', '2', '3']
    answer('2')
    await turn()
    const stopped = runner.stop()
    answer('1')
    await stopped
    expect(lines()).toBeLessThan(LINES_MAX)
    expect(runner.consuming).toBe(false)
    expect(asked).toEqual(['1', '2'])
    expect(crashes).toEqual([])
  })

  it('in peace ends, and one whose brokers change goes on with all of them', async () => {
    let nodes = ['1']
    const { runner, asked, answer } = runnerOver(() => nodes)
    await runner.start()
    await turn()
    nodes = ['1', '2']
    answer('1')
    await turn()
    expect(asked).toEqual(['1', '1', '2'])
    const stopped = runner.stop()
    answer('1')
    answer('2')
    await stopped
    expect(runner.consuming).toBe(false)
  })
})
