// Mends a fault of kafkajs 2.2.4 (its issue 1751): with nothing pending its request queue sets a timer with a negative
// delay after every request, again and again, once a millisecond. Newer Node warns of it (TimeoutNegativeWarning).
import { createRequire } from 'node:module'

interface RequestQueue {
  pending: unknown[]
  scheduleCheckPendingRequests (): void
}

let mended = false

/** Lets the request queue set its timer only while a request waits; what it then does is unchanged. */
export function mendRequestQueue (): void {
  if (mended) return
  const load = createRequire(import.meta.url)
  const { prototype } = load('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue }
  const schedule = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this)
  }
  mended = true
}
