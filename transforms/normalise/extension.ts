// gdi.extension.v1 → a row of `extensions`.
import { businessDay, parseDay } from '../../core/civil-date.ts'
import { setInstant, setUuid } from '../../core/column-buffer.ts'
import { parseInstant } from '../../core/instant.ts'
import type { ExtensionRecord } from '../../schemas/contracts/index.ts'
import type { Reason } from '../../schemas/reasons.ts'
import { codeNumber, UNIT_SEPARATOR, type NormaliseContext, type RowTarget } from './context.ts'
import { documentNumber, writeDocument } from './person.ts'
import { judgeInstant } from './times.ts'

/** Judges an extension and writes it as row `row`. Returns the first reason that applies, or null if it was written. */
export function normaliseExtension (
  context: NormaliseContext, extension: ExtensionRecord, receivedAtMs: number, target: RowTarget, row: number
): Reason | null {
  const grantedAtMs = parseInstant(extension.granted_at) as number
  const untimely = judgeInstant(grantedAtMs, receivedAtMs)
  if (untimely !== null) return untimely
  const { document, visa } = extension
  const state = context.lists.reportingState(document.issuing_state)
  if (state === null || !context.lists.isVisaClass(visa.class)) return 'code_unknown'
  const number = documentNumber(document)
  if (number === '') return 'document_invalid'

  const { data } = target
  data.business_date![row] = businessDay(grantedAtMs)
  setInstant(data.granted_at as Uint32Array, row, grantedAtMs)
  writeDocument(context, target, row, document.type, state, number)
  data.visa_class![row] = codeNumber(context, 'visa_class', visa.class)
  data.permitted_until![row] = parseDay(visa.permitted_until) as number
  setUuid(data.fingerprint as Uint8Array, row, context.fingerprint([
    grantedAtMs, document.type, state, number, visa.class, visa.permitted_until
  ].join(UNIT_SEPARATOR)))
  return null
}
