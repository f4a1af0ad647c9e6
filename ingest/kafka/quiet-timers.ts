// Mends a fault of kafkajs 2.2.4 (its issue 1751): with nothing pending its request queue sets a timer with a negative
// delay after every request, again and again, once a millisecond. Newer Node warns of it (TimeoutNegativeWarning).
import { mendClass } from './mend.ts'

interface RequestQueue {
  pending: unknown[]
  scheduleCheckPendingRequests (): void
}

/** Lets the request queue set its timer only while a request waits; what it then does is unchanged. */
export function mendRequestQueue (): void {
  mendClass<RequestQueue>('kafkajs/src/network/requestQueue/index.js', prototype => {
    const schedule = prototype.scheduleCheckPendingRequests
    prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
      if (this.pending.length > 0) schedule.call(this)
    }
  })
}
