// An operation: what can be done with an open data folder, by the command line here or through the control socket.
import type * as z from 'zod'
import { BorderflowError } from '../../core/errors.ts'
import type { Caller } from '../caller.ts'
import type { Runtime } from '../runtime.ts'

/** An answer is a value, or bytes that are streamed. */
export type OperationResult = { value: unknown } | { stream: AsyncIterable<string | Uint8Array> }

export interface Operation {
  name: string
  parameters: z.ZodType
  run (runtime: Runtime, parameters: unknown, caller: Caller): Promise<OperationResult>
}

/** Declares an operation with the type of its parameters. Running it throws USAGE for parameters that do not fit. */
export function operation<P> (
  name: string, parameters: z.ZodType<P>,
  run: (runtime: Runtime, parameters: P, caller: Caller) => Promise<OperationResult>
): Operation {
  return {
    name,
    parameters,
    run: async (runtime, given, caller) => {
      const { success, data, error } = parameters.safeParse(given)
      if (success) return await run(runtime, data, caller)
      throw new BorderflowError('USAGE', {
        expected: 'valid values',
        found: error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '),
        where: name
      })
    }
  }
}
