// When the id index is saved: beside loading, so often that a start has little to read after the copy, and so seldom
// that writing it stays a small part of what loading writes.
import type { IdIndex } from './id-index.ts'
import { saveIndex } from './index-file.ts'

export interface IndexSaver {
  /** Told after a group that everything below this sequence is committed; begins to save when it is time. */
  loaded (nextSequence: number): void
  /** Saves now. Never rejects. */
  save (nextSequence: number): Promise<void>
  /** Waits for a copy that is being written, and saves a last one if much was loaded since. Never rejects. */
  close (nextSequence: number): Promise<void>
}

export interface IndexSaverConfig {
  path: string
  index: IdIndex
  warehouseId: string
  /** Sequence up to which the copy that is there is good. */
  savedThrough: number
  /** Images loaded after which a copy is saved, at least. */
  imagesMin?: number
}

/** A start reads this many images in about a second. */
const IMAGES_MIN = 500_000
/** Twelve bytes an id are written for every image of this share: as much again as its log, at most. */
const SHARE_MIN = 0.1
/** At the end a copy is saved for less. */
const IMAGES_MIN_CLOSING = 50_000

/** A saver; the copy is a help and no more, so a failure to write it is passed over until the next time. */
export function createIndexSaver (
  { path, index, warehouseId, savedThrough, imagesMin = IMAGES_MIN }: IndexSaverConfig
): IndexSaver {
  let saving: Promise<void> | undefined
  let through = savedThrough

  function save (nextSequence: number): Promise<void> {
    through = nextSequence
    return saveIndex(path, index, warehouseId, nextSequence).catch(() => {})
  }

  return {
    async save (nextSequence) {
      await saving
      await save(nextSequence)
    },
    loaded (nextSequence) {
      const behind = nextSequence - through
      if (saving !== undefined || behind < imagesMin || behind < index.size * SHARE_MIN) return
      saving = save(nextSequence).finally(() => { saving = undefined })
    },
    async close (nextSequence) {
      await saving
      if (nextSequence - through >= Math.min(imagesMin, IMAGES_MIN_CLOSING)) await save(nextSequence)
    }
  }
}
