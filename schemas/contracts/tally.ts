// gdi.tally.v1: a count of persons at a local gate on a date (docs/method.md §1.2).
import * as z from 'zod'
import { code, date, identifier, instant, oneOf, revision, text } from './fields.ts'

export const tallyRecord = z.object({
  tally_id: identifier,
  revision,
  action: z.literal('record'),
  recorded_at: instant,
  checkpoint: text(100),
  date,
  direction: oneOf('direction'),
  nationality: code,
  sex: z.enum(['F', 'M', 'X']).nullish(),
  count: z.int().min(0).max(1_000_000)
})

export const tallyVoid = z.object({ tally_id: identifier, revision, action: z.literal('void') })

export type TallyRecord = z.infer<typeof tallyRecord>
