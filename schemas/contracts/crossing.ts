// gdi.crossing.v1: one traveller at one checkpoint (docs/method.md §1.1).
import * as z from 'zod'
import { code, date, document, identifier, instant, oneOf, revision, text, traveller } from './fields.ts'

export const crossingRecord = z.object({
  event_id: identifier,
  revision,
  action: z.literal('record'),
  occurred_at: instant,
  recorded_at: instant,
  checkpoint: text(100),
  direction: oneOf('direction'),
  decision: oneOf('decision'),
  refusal_reason: code.nullish(),
  mode: oneOf('travel_mode').nullish(),
  document,
  traveller,
  accompaniment: oneOf('accompaniment').nullish(),
  visa: z.object({ class: code, permitted_until: date.nullish() }).nullish(),
  purpose: oneOf('purpose').nullish(),
  other_country: code.nullish(),
  destination_province: code.nullish(),
  carrier: text(64).nullish(),
  returnee: z.object({
    from: code,
    reason: oneOf('returnee_reason'),
    nea: oneOf('returnee_nea')
  }).nullish()
}).refine(crossing => crossing.refusal_reason == null || crossing.decision === 'refused',
  { path: ['refusal_reason'] })

export const crossingVoid = z.object({ event_id: identifier, revision, action: z.literal('void') })

export type CrossingRecord = z.infer<typeof crossingRecord>
