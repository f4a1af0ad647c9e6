// Messages of the last hour by source, and how many of them could not be loaded: counted as they come, in minutes.
import type { Clock } from '../../core/clock.ts'
import type { AccountingRow } from '../../sinks/warehouse/load/accounting.ts'

export interface ReceivedShare {
  source: string
  messages: number
  quarantined: number
  /** Of the quarantined, those whose event lies in the future. */
  inFuture: number
  /** False in the first hour of the process. */
  isWhole: boolean
}

export interface ReceivedWindow {
  note (rows: readonly AccountingRow[]): void
  shares (): ReceivedShare[]
}

const MINUTES = 60
const MINUTE_MS = 60_000
const MESSAGE_KINDS: readonly string[] = ['loaded', 'duplicate', 'superseded', 'quarantined']

interface Cell { minute: number, messages: number, quarantined: number, inFuture: number }

/** A window that begins empty. */
export function createReceivedWindow (clock: Clock): ReceivedWindow {
  const cells = new Map<string, Cell[]>()
  const startedMs = clock.now()
  const minuteOf = (): number => Math.floor(clock.now() / MINUTE_MS)
  return {
    note (rows) {
      const minute = minuteOf()
      for (const { source, kind, reason, messages } of rows) {
        if (!MESSAGE_KINDS.includes(kind)) continue
        const cell = cellOf(cells, source, minute)
        cell.messages += messages
        if (kind === 'quarantined') cell.quarantined += messages
        if (reason === 'in_future') cell.inFuture += messages
      }
    },
    shares () {
      const minute = minuteOf()
      const isWhole = clock.now() - startedMs >= MINUTES * MINUTE_MS
      return [...cells].map(([source, of]) => {
        const recent = of.filter(cell => cell.minute > minute - MINUTES && cell.minute <= minute)
        cells.set(source, recent)
        const sum = (name: 'messages' | 'quarantined' | 'inFuture'): number =>
          recent.reduce((total, cell) => total + cell[name], 0)
        return {
          source, messages: sum('messages'), quarantined: sum('quarantined'), inFuture: sum('inFuture'), isWhole
        }
      })
    }
  }
}

function cellOf (cells: Map<string, Cell[]>, source: string, minute: number): Cell {
  const of = cells.get(source) ?? []
  cells.set(source, of)
  const last = of.at(-1)
  if (last?.minute === minute) return last
  const cell = { minute, messages: 0, quarantined: 0, inFuture: 0 }
  of.push(cell)
  // Bounded also where nobody looks.
  if (of.length > 2 * MINUTES) of.shift()
  return cell
}
