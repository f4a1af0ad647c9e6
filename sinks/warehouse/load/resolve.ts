// What becomes of each row (docs/method.md §1.4). Rows whose id is new are settled at once; for the few others the
// current image is looked up in the table, and they are settled in the order in which they came.
import type { DecodedBatch, DecodedRows } from '../../../schemas/decoded-batch.ts'
import { createSlices } from '../../../core/slices.ts'
import { OUTCOMES } from '../../../schemas/reasons.ts'
import type { IdIndex } from '../id-index.ts'
import type { StoredImage } from './read-images.ts'
import { fingerprintHex, idHash, recordId, revisions } from './rows.ts'

export const LOADED = OUTCOMES.indexOf('loaded')
export const DUPLICATE = OUTCOMES.indexOf('duplicate')
export const SUPERSEDED = OUTCOMES.indexOf('superseded')
export const QUARANTINED = OUTCOMES.indexOf('quarantined')

/** One contract's rows of one batch with what is decided about them. */
export interface ResolvedRows {
  rows: DecodedRows
  batch: number
  /** Sequence of each row's image; 0 for a row that is no image. */
  sequence: Uint32Array
  /** 1 for an image to store; 0 for what is not, or was replaced within the group. */
  weight: Int8Array
  /** Outcome of each row, an ordinal of OUTCOMES. */
  outcome: Uint8Array
}

/** An image in the table that a later revision replaces. */
export interface Retraction { contract: number, isVoid: boolean, oldSequence: number, newSequence: number }

export interface Resolution {
  resolved: ResolvedRows[]
  retractions: Retraction[]
  /** The images have the sequences from the first up to, but not with, the next. */
  firstSequence: number
  nextSequence: number
}

/** Reads the images with these sequences of one contract. */
export type ImageReader = (contract: number, sequences: readonly number[]) => Promise<Map<number, StoredImage>>

/** New rows between two looks at the clock; one that was seen before takes as long as thirty of them. */
const LOOK_ROWS = 256
/** Rows whose stored images are in memory at once. */
const SEEN_ROWS = 8192

interface Current { revision: number, isVoid: boolean, fingerprint: string, sequence: number, place: Place | null }
interface Place { resolved: ResolvedRows, row: number }

/** Settles all rows of a group of batches, contract by contract, in the order of the messages. */
export async function resolveGroup (
  batches: readonly DecodedBatch[], index: IdIndex, firstSequence: number, readImages: ImageReader
): Promise<Resolution> {
  const resolution: Resolution = { resolved: [], retractions: [], firstSequence, nextSequence: firstSequence }
  for (let contract = 0; contract < 4; contract++) {
    const parts = batches.flatMap((batch, number) => {
      const rows = batch.rows[contract]
      return rows === undefined || rows.count === 0 ? [] : [emptyResolved(rows, number)]
    })
    if (parts.length === 0) continue
    const seenBefore = await settleNew(parts, index, resolution)
    if (seenBefore.length > 0) {
      await settleSeen(contract, parts, seenBefore, index, firstSequence, resolution, readImages)
    }
    resolution.resolved.push(...parts)
  }
  return resolution
}

function emptyResolved (rows: DecodedRows, batch: number): ResolvedRows {
  return {
    rows,
    batch,
    sequence: new Uint32Array(rows.count),
    weight: new Int8Array(rows.count),
    outcome: new Uint8Array(rows.count)
  }
}

/** Loads every row whose id was never seen, and returns the places of the others in order. */
async function settleNew (
  parts: readonly ResolvedRows[], index: IdIndex, resolution: Resolution
): Promise<Place[]> {
  let settled = 0
  const slices = createSlices()
  const seenBefore: Place[] = []
  for (const resolved of parts) {
    const hash = idHash(resolved.rows)
    for (let row = 0; row < resolved.rows.count; row++) {
      if (++settled % LOOK_ROWS === 0 && slices.isOver()) await slices.rest()
      const low = hash[row * 2] as number
      const high = hash[row * 2 + 1] as number
      if (index.find(low, high).length > 0) {
        seenBefore.push({ resolved, row })
      } else {
        load(resolved, row, resolution)
        index.add(low, high, resolved.sequence[row] as number)
      }
    }
  }
  return seenBefore
}

/** Block by block: the stored images of all, held at once, would be moved by every collection of young garbage. */
async function settleSeen (
  contract: number, parts: readonly ResolvedRows[], seenBefore: readonly Place[], index: IdIndex,
  firstSequence: number, resolution: Resolution, readImages: ImageReader
): Promise<void> {
  const added = new Map<number, Place>()
  const touched = new Map<string, Current>()
  const slices = createSlices()
  let inGroup: Places | null = null
  for (let start = 0; start < seenBefore.length; start += SEEN_ROWS) {
    const block = seenBefore.slice(start, start + SEEN_ROWS)
    const { stored: wanted, isInGroup } = await everySeen(index, block, firstSequence)
    const stored = wanted.length === 0 ? new Map<number, StoredImage>() : await readImages(contract, wanted)
    if (isInGroup) inGroup ??= placesBySequence(parts, firstSequence, resolution.nextSequence)
    for (const place of block) {
      if (slices.isOver()) await slices.rest()
      const id = recordId(place.resolved.rows, place.row)
      let current = touched.get(id)
      if (current === undefined) {
        for (const sequence of candidates(index, place.resolved, place.row)) {
          const earlier = added.get(sequence) ?? (inGroup === null ? undefined : placeOf(inGroup, sequence))
          current ??= currentImage(id, sequence, stored.get(sequence), earlier)
        }
      }
      const next = settle(contract, place, current, index, resolution)
      // What has not changed is found again as it was found now: of a day sent twice nothing is kept.
      if (next !== current) {
        touched.set(id, next)
        added.set(next.sequence, place)
      }
    }
  }
}

/** Settles one row against the current image of its id; returns the image in force. */
function settle (
  contract: number, place: Place, current: Current | undefined, index: IdIndex, resolution: Resolution
): Current {
  const { resolved, row } = place
  const hash = idHash(resolved.rows)
  const low = hash[row * 2] as number
  const high = hash[row * 2 + 1] as number
  const image = imageOf(place)
  if (current === undefined) {
    // Another id with the same hash: this one is new after all.
    load(resolved, row, resolution)
    index.add(low, high, resolved.sequence[row] as number)
    return { ...image, sequence: resolved.sequence[row] as number, place }
  }
  if (image.revision < current.revision) {
    resolved.outcome[row] = SUPERSEDED
    return current
  }
  if (image.revision === current.revision) {
    const same = image.isVoid === current.isVoid && (image.isVoid || image.fingerprint === current.fingerprint)
    resolved.outcome[row] = same ? DUPLICATE : QUARANTINED
    return current
  }
  load(resolved, row, resolution)
  const newSequence = resolved.sequence[row] as number
  index.replace(low, high, current.sequence, newSequence)
  if (current.place === null) {
    resolution.retractions.push({ contract, isVoid: current.isVoid, oldSequence: current.sequence, newSequence })
  } else {
    // The image before is of this very group and was never stored: it is left out.
    current.place.resolved.weight[current.place.row] = 0
  }
  return { ...image, sequence: newSequence, place }
}

function load (resolved: ResolvedRows, row: number, resolution: Resolution): void {
  resolved.sequence[row] = resolution.nextSequence++
  resolved.weight[row] = 1
  resolved.outcome[row] = LOADED
}

/** The sequences under the hashes of all these rows: those that are stored, and if there are some of this group. */
async function everySeen (
  index: IdIndex, seenBefore: readonly Place[], firstSequence: number
): Promise<{ stored: number[], isInGroup: boolean }> {
  const stored = new Set<number>()
  let isInGroup = false
  const slices = createSlices()
  for (const { resolved, row } of seenBefore) {
    if (slices.isOver()) await slices.rest()
    for (const sequence of candidates(index, resolved, row)) {
      if (sequence < firstSequence) stored.add(sequence)
      else isInGroup = true
    }
  }
  return { stored: [...stored], isInGroup }
}

function candidates (index: IdIndex, resolved: ResolvedRows, row: number): readonly number[] {
  const hash = idHash(resolved.rows)
  return index.find(hash[row * 2] as number, hash[row * 2 + 1] as number)
}

/** The places of the images that were settled as new. Rows over all parts are numbered from 1; 0 is no row. */
interface Places { firstSequence: number, numbers: Uint32Array, parts: readonly ResolvedRows[], begins: number[] }

function placesBySequence (parts: readonly ResolvedRows[], firstSequence: number, nextSequence: number): Places {
  const numbers = new Uint32Array(nextSequence - firstSequence)
  const begins: number[] = []
  let begin = 1
  for (const resolved of parts) {
    begins.push(begin)
    for (let row = 0; row < resolved.rows.count; row++) {
      const sequence = resolved.sequence[row] as number
      if (sequence >= firstSequence) numbers[sequence - firstSequence] = begin + row
    }
    begin += resolved.rows.count
  }
  return { firstSequence, numbers, parts, begins }
}

function placeOf ({ firstSequence, numbers, parts, begins }: Places, sequence: number): Place | undefined {
  const number = numbers[sequence - firstSequence] ?? 0
  if (number === 0) return undefined
  const part = begins.findLastIndex(first => first <= number)
  return { resolved: parts[part]!, row: number - (begins[part] as number) }
}

function currentImage (
  id: string, sequence: number, stored: StoredImage | undefined, place: Place | undefined
): Current | undefined {
  if (stored !== undefined) {
    return stored.recordId === id ? { ...stored, sequence, place: null } : undefined
  }
  if (place === undefined || recordId(place.resolved.rows, place.row) !== id) return undefined
  return { ...imageOf(place), sequence, place }
}

function imageOf ({ resolved, row }: Place): { revision: number, isVoid: boolean, fingerprint: string } {
  const { rows } = resolved
  return {
    revision: revisions(rows)[row] as number,
    isVoid: rows.isVoid[row] === 1,
    fingerprint: fingerprintHex(rows, row)
  }
}
