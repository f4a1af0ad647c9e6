// A kernel with everything it knows; states and checkpoints it asks for as they come.
import { ENUMS } from '../../../schemas/enums.ts'
import type { NormaliseContext } from '../context.ts'
import { fillKernel } from './codes.ts'
import { instantiateKernel, type KernelInstance } from './wasm.ts'

const BAD = -1

/** A kernel for messages of a warehouse; it decodes one batch at a time (`beginKernelBatch`). */
export function createKernel (context: NormaliseContext): KernelInstance {
  const { lists, codeNumbers } = context
  const kernel: KernelInstance = instantiateKernel({
    learnState (text, length) {
      const code = textOf(kernel, text, length)
      const reporting = lists.reportingState(code)
      const number = codeNumbers.state.get(reporting ?? '')
      if (reporting === null || number === undefined) return BAD
      const own = lists.isCountry(code) ? codeNumbers.state.get(code) ?? BAD : BAD
      return kernel.functions.addState(text, length, kernel.putText(reporting), number, own)
    },
    learnCheckpoint (text, length, day) {
      const entry = lists.resolveCheckpoint(textOf(kernel, text, length), day)
      if (typeof entry === 'string') return BAD
      const number = codeNumbers.checkpoint.get(entry.code)
      if (number === undefined) return BAD
      kernel.putText(entry.code + entry.mode)
      return kernel.functions.addCheckpoint(
        text, length, day, number, ENUMS.travel_mode.indexOf(entry.mode), entry.code.length, entry.mode.length)
    }
  })
  fillKernel(kernel, context)
  return kernel
}

function textOf (kernel: KernelInstance, place: number, length: number): string {
  return Buffer.from(kernel.memory(), place, length).toString('latin1')
}
