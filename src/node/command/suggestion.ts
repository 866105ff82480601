/** ` Did you mean "index"?` for a word that is mistyped, else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const best = known
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)[0]
  const isNear = best && best.edits <= Math.max(1, Math.floor(best.candidate.length / 3))
  return isNear ? ` Did you mean "${best.candidate}"?` : ''
}

/** Levenshtein's: the fewest insertions, deletions and replacements of a character that lead from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, character] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] as number) + (character === b[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
