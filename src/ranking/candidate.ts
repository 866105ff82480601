/** A row of the table in a ranked list. */
export interface Candidate {
  readonly row: number
  readonly id: string
  /** Cosine similarity to the query, in [-1, 1]. */
  readonly score: number
}

/** Orders best first: by score, then by id in code-unit order, which no locale changes. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
