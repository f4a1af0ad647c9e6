// fpcs.registration.v1: a foreigner registered at an address (docs/method.md §1.2).
import * as z from 'zod'
import { code, date, document, identifier, instant, oneOf, revision, text, traveller } from './fields.ts'

export const registrationRecord = z.object({
  registration_id: identifier,
  revision,
  action: z.literal('record'),
  registered_at: instant,
  channel: oneOf('registration_channel'),
  reporter: oneOf('registration_reporter'),
  accommodation: z.object({
    id: text(64),
    type: oneOf('accommodation_type'),
    province: code,
    district: text(64).nullish(),
    commune: text(64).nullish()
  }),
  document,
  traveller,
  check_in: date,
  check_out: date.nullish()
}).refine(registration => registration.check_out == null || registration.check_out >= registration.check_in,
  { path: ['check_out'] })

export const registrationVoid = z.object({ registration_id: identifier, revision, action: z.literal('void') })

export type RegistrationRecord = z.infer<typeof registrationRecord>
