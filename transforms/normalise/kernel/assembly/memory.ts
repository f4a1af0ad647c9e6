// The kernel's memory: what it learns stays for good at the bottom, one batch at a time lies above it.

const ALIGNMENT_BYTES: usize = 16
const PAGE_BITS: usize = 16

let top: usize = aligned(__heap_base)

/** Room for so many bytes. Ends the kernel if the system has no more memory. */
export function reserve (bytes: usize): usize {
  const at = top
  top = aligned(at + bytes)
  const pages = <i32>((top + (1 << PAGE_BITS) - 1) >> PAGE_BITS)
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) unreachable()
  return at
}

/** Gives back everything that was reserved from `at` on. */
export function release (at: usize): void {
  top = at
}

function aligned (at: usize): usize {
  return (at + ALIGNMENT_BYTES - 1) & ~(ALIGNMENT_BYTES - 1)
}

/** Copies a short text, eight bytes at a time: up to seven bytes behind both its ends are touched. */
export function copyText (to: usize, from: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += 8) store<u64>(to + i, load<u64>(from + i))
}
