// Settings by path, and the variable of each: `kafka.saslPassword` is BORDERFLOW_KAFKA_SASL_PASSWORD.
import * as z from 'zod'
import { settingsSchema } from './schema.ts'

export interface SettingName {
  section: string
  name: string
  variable: string
  description: string
  /** The default as text; empty where there is none. */
  defaultText: string
  isSecret: boolean
}

/** Every setting, in the order of the schema. */
export const settingNames: readonly SettingName[] = Object.entries(settingsSchema.shape).flatMap(([section, wrapped]) =>
  Object.entries(sectionShape(wrapped)).map(([name, field]) => ({
    section,
    name,
    variable: `BORDERFLOW_${section.toUpperCase()}_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`,
    description: field.description ?? '',
    defaultText: defaultText(field),
    isSecret: z.globalRegistry.get(field)?.secret === true
  })))

function sectionShape (wrapped: z.ZodType): Record<string, z.ZodType> {
  return ((wrapped as z.ZodPrefault<z.ZodObject>).unwrap().shape) as Record<string, z.ZodType>
}

function defaultText (field: z.ZodType): string {
  if (!(field instanceof z.ZodDefault)) return ''
  const value = field.def.defaultValue
  return Array.isArray(value) ? value.join(',') : String(value)
}
