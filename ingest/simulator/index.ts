// The simulator: a country that makes messages of the four contracts, the same for the same options.
export { CONTRACTS, type Contract } from './codes.ts'
export { simulateDays, type SimulatedDay } from './days.ts'
export { eventAt, eventsOf, firstAt, linesOf, type SimulatedEvent } from './day-lines.ts'
export { playLive, type LivePlay } from './live.ts'
export { post, simulateOverHttp, type HttpTarget } from './over-http.ts'
export type { SimulatorOptions } from './options.ts'
export { simulateToFolder, type FolderOptions, type Progress } from './to-folder.ts'
export { simulateToKafka, type KafkaTarget } from './to-kafka.ts'
