// Mends a fault of kafkajs 2.2.4: a consumer that is stopped while it makes its fetchers anew, because the brokers are
// others, starts them all the same, and nobody stops those. A fetcher that asks a stopped runner has its answer without
// waiting for anything, and asks again: no timer and no signal gets a turn ever after.
import { mendClass } from './mend.ts'

interface Runner {
  running: boolean
  fetchManager: { stop (): Promise<void> }
  fetch (nodeId: string): Promise<unknown[]>
}

/** Lets a stopped runner stop the fetchers that still ask it; what a running one does is unchanged. */
export function mendStoppedRunner (): void {
  mendClass<Runner>('kafkajs/src/consumer/runner.js', prototype => {
    const fetch = prototype.fetch
    prototype.fetch = async function (this: Runner, nodeId) {
      // Not awaited: it ends when the fetcher that asks has had its answer.
      if (!this.running) void this.fetchManager.stop()
      return await fetch.call(this, nodeId)
    }
  })
}
