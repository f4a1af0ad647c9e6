// What the rules judge: everything that was seen at one look. A part that could not be read is null.
import type { SourceStatus } from '../../core/stage.ts'
import type { Integrity } from '../../sinks/control/integrity.ts'
import type { Feed, Surge } from '../baseline/index.ts'
import type { KeyFault } from './key-fault.ts'
import type { ReceivedShare } from './received-window.ts'
import type { ReturneeHour } from './returnees.ts'

export interface Observation {
  /** The instant that the figures are of, in milliseconds since 1970. */
  nowMs: number
  figures: Figures | null
  received: readonly ReceivedShare[]
  sources: readonly SourceStatus[]
  /** Age in seconds of the oldest facts that the derived tables do not have. */
  derivedLagSeconds: number
  /** Of the disk of the data folder, in percent. */
  diskFreePercent: number | null
  keyFault: KeyFault | null | 'unknown'
  /** The greatest step of the machine's clock lately, in seconds. */
  clockStepSeconds: number
  integrity: Integrity | null
}

/** What is read of the warehouse. */
export interface Figures {
  feeds: readonly Feed[]
  /** Null where the stored baseline does not reach today. */
  surges: readonly Surge[] | null
  returnees: readonly ReturneeHour[]
  gapsOpen: number
  /** `none` before the first baseline, `old` where it does not reach today. */
  baseline: 'none' | 'good' | 'old'
}
