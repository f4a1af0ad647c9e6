// The shape of a field that is an object, through what makes it optional.
import * as z from 'zod'

/** The fields of an object schema, optional and nullable looked through; null for a schema of anything else. */
export function objectShape (schema: z.ZodType): Record<string, z.ZodType> | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return objectShape(schema.unwrap() as z.ZodType)
  }
  return schema instanceof z.ZodObject ? schema.shape as Record<string, z.ZodType> : null
}
