// Kernels of a context: one for each batch that is decoded at the same time, used again and again.
import { createKernel, type KernelInstance, type NormaliseContext } from '../../transforms/normalise/index.ts'

const idle = new WeakMap<NormaliseContext, KernelInstance[]>()

/** A kernel that no other batch is in, until it is given back. */
export function takeKernel (context: NormaliseContext): KernelInstance {
  return idle.get(context)?.pop() ?? createKernel(context)
}

/** Gives a kernel back whose batch has ended. */
export function giveBackKernel (context: NormaliseContext, kernel: KernelInstance): void {
  const kernels = idle.get(context)
  if (kernels === undefined) idle.set(context, [kernel])
  else kernels.push(kernel)
}
