// Is the border normal, what is not, and can the figures be trusted: what the top of the page says.
import type { Board, BoardCheckpoint } from '../../../board/board-schema.ts'
import type { Alert } from '../types.ts'
import type { Connection } from '../types.ts'
import { judge, shareOfHour, type Level } from './level.ts'

export type Tone = 'good' | 'watch' | 'bad' | 'unknown'

export interface BorderVerdict {
  tone: Tone
  is: 'normal' | 'busy' | 'quiet' | 'attention' | 'undecided'
  arrivals: Level
  exits: Level
  /** Gates far above what is expected. */
  surges: string[]
  silent: string[]
  firing: number
}

export interface TrustVerdict {
  tone: Tone
  is: 'trusted' | 'partly' | 'doubtful'
  /** Gates that report, of those that are open and judged. */
  reporting: number
  open: number
  late: string[]
  /** Median seconds from desk to board over the gates; null where none says. */
  delaySeconds: number | null
  reasons: ('lost' | 'verifyFailed' | 'gaps' | 'quarantined' | 'lagging' | 'judging')[]
}

const QUARANTINE_SHARE_MAX = 0.02
const LAG_SECONDS_MAX = 300
/** Fewer than this share of the open gates reporting: the sums do not stand for the country. */
const REPORTING_SHARE_MIN = 0.8

/** The gates of a state, busiest of the last seven days first. */
export function gatesWhere (board: Board, is: (gate: BoardCheckpoint) => boolean): string[] {
  return Object.entries(board.checkpoints).filter(([, gate]) => is(gate))
    .sort(([, a], [, b]) => volume(b) - volume(a)).map(([code]) => code)
}

const volume = ({ sevenDays }: BoardCheckpoint): number => sevenDays.arrivals + sevenDays.departures

export function judgeBorder (board: Board, alerts: readonly Alert[]): BorderVerdict {
  const { thisHour } = board.country
  const share = shareOfHour(board.at)
  const arrivals = judge(thisHour.arrivals, thisHour.expected?.arrivals ?? null, share).level
  const exits = judge(thisHour.departures, thisHour.expected?.departures ?? null, share).level
  const surges = gatesWhere(board, ({ surge }) => surge)
  const silent = gatesWhere(board, ({ feed }) => feed.state === 'silent')
  const firing = alerts.filter(({ state, acknowledgedAt }) =>
    (state === 'firing' || state === 'no_data') && acknowledgedAt === null)
  const critical = firing.some(({ severity }) => severity === 'critical')
  const common = { arrivals, exits, surges, silent, firing: firing.length }
  if (surges.length > 0 || silent.length > 0 || firing.length > 0) {
    return { ...common, is: 'attention', tone: critical || surges.length > 0 ? 'bad' : 'watch' }
  }
  const levels = [arrivals, exits]
  if (levels.includes('above')) return { ...common, is: 'busy', tone: 'watch' }
  if (levels.includes('below')) return { ...common, is: 'quiet', tone: 'watch' }
  // Early in the hour no gate surges and none is silent: that is normal as far as can be told.
  if (levels.every(level => level === 'unknown')) return { ...common, is: 'undecided', tone: 'unknown' }
  return { ...common, is: 'normal', tone: 'good' }
}

export function judgeTrust (board: Board, connection: Connection): TrustVerdict {
  const states = Object.values(board.checkpoints).map(({ feed }) => feed.state)
  const count = (...wanted: string[]): number => states.filter(state => wanted.includes(state)).length
  const open = count('live', 'late', 'silent')
  const reporting = count('live', 'late')
  const silent = count('silent')
  const late = gatesWhere(board, ({ feed }) => feed.state === 'late')
  const reasons: TrustVerdict['reasons'] = []
  if (connection === 'lost') reasons.push('lost')
  if (board.integrity.ok === false) reasons.push('verifyFailed')
  if (board.gapsOpen > 0) reasons.push('gaps')
  if (board.quarantine.share > QUARANTINE_SHARE_MAX) reasons.push('quarantined')
  if (board.derivationLagSeconds > LAG_SECONDS_MAX) reasons.push('lagging')
  if (open === 0) reasons.push('judging')
  const doubtful = reasons.includes('lost') || reasons.includes('verifyFailed') ||
    (open > 0 && reporting / open < REPORTING_SHARE_MIN)
  const partly = silent > 0 || late.length > 0 || reasons.length > 0
  return {
    tone: doubtful ? 'bad' : open === 0 && reasons.length === 1 ? 'unknown' : partly ? 'watch' : 'good',
    is: doubtful ? 'doubtful' : partly ? 'partly' : 'trusted',
    reporting,
    open,
    late,
    delaySeconds: median(Object.values(board.checkpoints)
      .flatMap(({ feed }) => feed.delayBoardSeconds === null ? [] : [feed.delayBoardSeconds])),
    reasons
  }
}

function median (values: number[]): number | null {
  const sorted = values.sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
