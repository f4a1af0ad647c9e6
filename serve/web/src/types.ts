// What the page knows of, besides the board itself.

export interface Session { name: string, role: string, expiresAt: string | null }

export interface Alert {
  id: string
  kind: string
  /** A checkpoint, a source or a path; empty for the whole. */
  subject: string
  severity: string
  state: string
  since: string
  firedAt: string | null
  resolvedAt: string | null
  value: number | null
  threshold: number | null
  unit: 'seconds' | 'persons' | 'percent' | 'messages' | 'rows' | null
  acknowledgedBy: string | null
  acknowledgedAt: string | null
  note: string | null
}

export type SeriesQuery = { grain: 'hour' | 'day', from: string, to: string, checkpoint?: string }

export type Connection = 'connecting' | 'live' | 'lost'
