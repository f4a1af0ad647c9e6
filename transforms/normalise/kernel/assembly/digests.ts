// The keyed digests of rows: fingerprints of their content (SHA-256 over key and content) and travellers' keys
// (HMAC-SHA-256). They are made for four rows at a time.
import { begin, BLOCK_BYTES, digestLanes, LANES, PADDING_BYTES, setBlocks, setLane, STATE_BYTES, wordOf } from './sha256'

/** Room for the longest content, some thirty fields of at most 100 bytes, with a key in front. */
const CONTENT_BYTES: usize = 4096
const KEY_BYTES: usize = 512

const contents = memory.data(4 * 4096, 16)
const keyTexts = memory.data(4 * 512, 16)
const outerBlocks = memory.data(4 * 64, 16)
const innerBegun = memory.data(128, 16)
const outerBegun = memory.data(128, 16)
const state = memory.data(128, 16)
/** By row: where its digests go, and where its texts end. */
const fingerprints = memory.data(4 * 4, 16)
const contentEnds = memory.data(4 * 4, 16)
const travellerKeys = memory.data(4 * 4, 16)
const keyEnds = memory.data(4 * 4, 16)

let contentKeyLength: usize = 0
let prefixLength: usize = 0
let rows: usize = 0

/** Puts the key in front of every content. */
export function setContentKey (key: usize, length: usize): void {
  assert(length <= CONTENT_BYTES / 2)
  for (let row: usize = 0; row < LANES; row++) memory.copy(contents + row * CONTENT_BYTES, key, length)
  contentKeyLength = length
}

/** Takes the two padded keys of HMAC, a block each, and the text with which every traveller's key begins. */
export function setTravellerKey (innerKey: usize, outerKey: usize, prefix: usize, length: usize): void {
  assert(length <= KEY_BYTES / 2)
  beginWith(innerBegun, innerKey)
  beginWith(outerBegun, outerKey)
  for (let row: usize = 0; row < LANES; row++) {
    memory.copy(keyTexts + row * KEY_BYTES, prefix, length)
    const block = outerBlocks + row * BLOCK_BYTES
    store<u8>(block, 0x80, 32)
    store<u64>(block, bswap(<u64>(BLOCK_BYTES + 32) << 3), 56)
  }
  prefixLength = length
}

/** Where the content of the next row goes. */
export function contentStart (): usize {
  return contents + rows * CONTENT_BYTES + contentKeyLength
}

/** Where the text of the next row's traveller goes. */
export function keyStart (): usize {
  return keyTexts + rows * KEY_BYTES + prefixLength
}

/** Asks for the digests of a row whose texts are written up to their ends, to be stored at these places. */
export function digest (fingerprint: usize, contentEnd: usize, travellerKey: usize, keyEnd: usize): void {
  store<usize>(fingerprints + (rows << 2), fingerprint)
  store<usize>(contentEnds + (rows << 2), contentEnd)
  store<usize>(travellerKeys + (rows << 2), travellerKey)
  store<usize>(keyEnds + (rows << 2), keyEnd)
  if (++rows === LANES) finishDigests()
}

/** Makes the digests that were asked for. */
export function finishDigests (): void {
  if (rows === 0) return
  begin(state)
  setLanes(contents, CONTENT_BYTES, contentEnds, 0)
  digestLanes(state)
  storeDigests(fingerprints)
  memory.copy(state, innerBegun, STATE_BYTES)
  setLanes(keyTexts, KEY_BYTES, keyEnds, BLOCK_BYTES)
  digestLanes(state)
  for (let row: usize = 0; row < rows; row++) {
    const block = outerBlocks + row * BLOCK_BYTES
    for (let word: usize = 0; word < 8; word++) store<u32>(block + (word << 2), bswap(wordOf(state, word, row)))
  }
  memory.copy(state, outerBegun, STATE_BYTES)
  for (let lane: usize = 0; lane < LANES; lane++) setBlocks(lane, outerBlocks + lane * BLOCK_BYTES, lane < rows ? 1 : 0)
  digestLanes(state)
  storeDigests(travellerKeys)
  rows = 0
}

function beginWith (begun: usize, key: usize): void {
  begin(begun)
  for (let lane: usize = 0; lane < LANES; lane++) setBlocks(lane, key, 1)
  digestLanes(begun)
}

/** Puts the texts of all rows into lanes; the other lanes have nothing to do. */
function setLanes (texts: usize, bytes: usize, ends: usize, before: usize): void {
  for (let lane: usize = 0; lane < LANES; lane++) {
    const text = texts + lane * bytes
    const end = load<usize>(ends + (lane << 2))
    if (lane >= rows) setBlocks(lane, text, 0)
    else {
      assert(end - text + PADDING_BYTES <= bytes)
      setLane(lane, text, end - text, before)
    }
  }
}

/** The first 16 bytes of each digest as DuckDB stores a UUID: a 128-bit integer with its top bit flipped. */
function storeDigests (places: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    const at = load<usize>(places + (row << 2))
    store<u32>(at, wordOf(state, 3, row))
    store<u32>(at, wordOf(state, 2, row), 4)
    store<u32>(at, wordOf(state, 1, row), 8)
    store<u32>(at, wordOf(state, 0, row) ^ 0x80000000, 12)
  }
}
