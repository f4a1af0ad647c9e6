// gdi.tally.v1 → a row of `tallies`.
import { parseDay } from '../../core/civil-date.ts'
import { setInstant, setUuid } from '../../core/column-buffer.ts'
import { parseInstant } from '../../core/instant.ts'
import type { TallyRecord } from '../../schemas/contracts/index.ts'
import { enumOrdinals } from '../../schemas/enums.ts'
import type { Reason } from '../../schemas/reasons.ts'
import { codeNumber, UNIT_SEPARATOR, type NormaliseContext, type RowTarget } from './context.ts'
import { reportedSex, SEX } from './person.ts'
import { judgeDay } from './times.ts'

const DIRECTION = enumOrdinals('direction')
const TRAVEL_MODE = enumOrdinals('travel_mode')

/** Judges a tally and writes it as row `row`. Returns the first reason that applies, or null if it was written. */
export function normaliseTally (
  context: NormaliseContext, tally: TallyRecord, receivedAtMs: number, target: RowTarget, row: number
): Reason | null {
  const day = parseDay(tally.date) as number
  const untimely = judgeDay(day, receivedAtMs)
  if (untimely !== null) return untimely
  const checkpoint = context.lists.resolveCheckpoint(tally.checkpoint, day)
  if (typeof checkpoint === 'string') return checkpoint
  const nationality = context.lists.reportingState(tally.nationality)
  if (nationality === null) return 'code_unknown'

  const { data } = target
  const sex = reportedSex(tally.sex)
  const recordedAtMs = parseInstant(tally.recorded_at) as number
  data.business_date![row] = day
  setInstant(data.recorded_at as Uint32Array, row, recordedAtMs)
  data.checkpoint![row] = codeNumber(context, 'checkpoint', checkpoint.code)
  data.direction![row] = DIRECTION.get(tally.direction) ?? 0
  data.travel_mode![row] = TRAVEL_MODE.get(checkpoint.mode) ?? 0
  data.nationality![row] = codeNumber(context, 'state', nationality)
  data.sex![row] = SEX.get(sex) ?? 0
  data.persons![row] = tally.count
  setUuid(data.fingerprint as Uint8Array, row, context.fingerprint([
    recordedAtMs, checkpoint.code, tally.date, tally.direction, nationality, sex, tally.count
  ].join(UNIT_SEPARATOR)))
  return null
}
