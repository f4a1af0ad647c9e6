// gdi.extension.v1: a stay that was extended (docs/method.md §1.2).
import * as z from 'zod'
import { code, date, document, identifier, instant, revision } from './fields.ts'

export const extensionRecord = z.object({
  extension_id: identifier,
  revision,
  action: z.literal('record'),
  granted_at: instant,
  document,
  visa: z.object({ class: code, permitted_until: date })
})

export const extensionVoid = z.object({ extension_id: identifier, revision, action: z.literal('void') })

export type ExtensionRecord = z.infer<typeof extensionRecord>
