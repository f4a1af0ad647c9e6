// "Did you mean": the name closest to a mistyped one.

const WORD_CHARACTERS_MAX = 64

/** The candidate within a third of its length in edits of the word, else one that the word begins; else undefined. */
export function nearest (word: string, candidates: readonly string[]): string | undefined {
  if (word.length === 0 || word.length > WORD_CHARACTERS_MAX) return undefined
  const plain = word.toLowerCase().replaceAll('-', '_')
  let best: string | undefined
  let bestEdits = Infinity
  for (const candidate of candidates) {
    const edits = editDistance(plain, candidate.toLowerCase())
    if (edits <= Math.max(1, Math.floor(candidate.length / 3)) && edits < bestEdits) {
      best = candidate
      bestEdits = edits
    }
  }
  return best ?? candidates.find(candidate => plain.length > 1 && candidate.startsWith(plain))
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance (from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
        ? rows[i - 2]![j - 2]! + 1
        : Infinity
      row.push(Math.min(replaced, swapped, rows[i - 1]![j]! + 1, row[j - 1]! + 1))
    }
    rows.push(row)
  }
  return rows[from.length]![to.length]!
}
