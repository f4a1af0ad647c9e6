// An operation: what can be done with an open data folder, by the command line here or through the control socket.
import type * as z from 'zod'
import { type Runtime } from '../runtime.ts'

/** An answer is a value, or bytes that are streamed. */
export type OperationResult = { value: unknown } | { stream: AsyncIterable<string | Uint8Array> }

export interface Operation {
  name: string
  parameters: z.ZodType
  run (runtime: Runtime, parameters: unknown): Promise<OperationResult>
}

/** Declares an operation with the type of its parameters. */
export function operation<P> (
  name: string, parameters: z.ZodType<P>, run: (runtime: Runtime, parameters: P) => Promise<OperationResult>
): Operation {
  return {
    name,
    parameters,
    run: async (runtime, given) => await run(runtime, parameters.parse(given))
  }
}
