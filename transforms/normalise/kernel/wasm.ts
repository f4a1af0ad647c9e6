// The compiled kernel (assembly/): loaded once, instantiated for whoever decodes.
import { readFileSync } from 'node:fs'
import { packageFile } from '../../../core/package-root.ts'

/** What of WebAssembly's interface is used; Node has it, its types do not say so. */
interface WebAssemblyInterface {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => Instance
}
interface Instance { exports: Record<string, unknown> }
interface Global { value: number }

/** The functions of assembly/index.ts. Texts are given by place and length; places are addresses of its memory. */
export interface KernelFunctions {
  reserve (bytes: number): number
  release (at: number): void
  addKey (level: number, field: number, name: number, length: number): void
  addKnownField (contract: number, field: number): void
  createTable (codesMax: number, textBytes: number): number
  addCode (table: number, text: number, length: number, day: number, value: number): number
  setReportedSex (ordinal: number, length: number): void
  setAgeBand (years: number, ordinal: number): void
  setTravellerKey (innerKey: number, outerKey: number, prefix: number, length: number): void
  setContentKey (key: number, length: number): void
  addState (text: number, length: number, reportedLength: number, number: number, country: number): number
  addCheckpoint (
    text: number, length: number, day: number, number: number, mode: number, codeLength: number, modeLength: number
  ): number
  decode (from: number, to: number): number
}

/** What assembly/codes.ts asks of its host: the place of a code that it does not know yet, or −1. */
export interface KernelHost extends Record<string, unknown> {
  learnState (text: number, length: number): number
  learnCheckpoint (text: number, length: number, day: number): number
}

export interface KernelInstance {
  functions: KernelFunctions
  /** The memory as it is now: it is another one after `reserve`. */
  memory (): ArrayBuffer
  get (name: string): number
  set (name: string, value: number): void
  /** Names of what can be set. */
  readonly names: readonly string[]
  /** Writes a text for the kernel to take, at `hostText` or so many bytes behind it, and returns its length. */
  putText (text: Uint8Array | string, behind?: number): number
}

/** Room at `hostText` (assembly/codes.ts). */
const HOST_TEXT_BYTES = 256
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly
let compiled: object | undefined

/** A kernel of its own memory. */
export function instantiateKernel (host: KernelHost): KernelInstance {
  compiled ??= new wasm.Module(readFileSync(packageFile('dist/transforms/normalise/kernel/kernel.wasm')))
  const { exports } = new wasm.Instance(compiled, { codes: host, env: { abort } })
  const memory = (): ArrayBuffer => (exports['memory'] as { buffer: ArrayBuffer }).buffer
  const globalOf = (name: string): Global => {
    const found = exports[name]
    if (typeof found !== 'object' || found === null || !('value' in found)) throw new Error(`the kernel has no ${name}`)
    return found as Global
  }
  return {
    functions: exports as unknown as KernelFunctions,
    memory,
    get: name => globalOf(name).value,
    set (name, value) { globalOf(name).value = value },
    names: Object.keys(exports).filter(name => typeof exports[name] === 'object'),
    putText (text, behind = 0) {
      const bytes = Buffer.from(text)
      if (behind + bytes.length > HOST_TEXT_BYTES) throw new Error('a text is too long for the kernel')
      new Uint8Array(memory()).set(bytes, globalOf('hostText').value + behind)
      return bytes.length
    }
  }
}

function abort (): never {
  throw new Error('the kernel has stopped: a table of it is too small')
}
