// What others may import of the alerts.
export { DELIVERY_DEFAULTS, createDeliveries, type Channel, type Deliveries } from './delivery/deliveries.ts'
export { mailChannel } from './delivery/mail.ts'
export { webhookChannel } from './delivery/webhook.ts'
export { createObserver } from './observe.ts'
export { createReceivedWindow, type ReceivedWindow } from './received-window.ts'
export { createWatch, type AlertWatch } from './watch.ts'
