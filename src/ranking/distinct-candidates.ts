import type { Candidate } from './candidate.js'
import { noGroup, type RowGroups } from './row-groups.js'

/** What may not be in one list together. */
export interface DistinctRules {
  readonly vectorOf: (row: number) => Float32Array
  /** Two vectors with at least this cosine are one picture. Above 1, none are. */
  readonly nearDuplicate: number
  /** The vectors of pictures that are on the page already, beside the list. Default: there are none. */
  readonly shown?: readonly Float32Array[]
  readonly groups?: RowGroups | undefined
  /** So many of a group may be in the list. */
  readonly perGroup: number
  /** The longest list that is wanted. Default: all. */
  readonly limit?: number
}

/**
 * Keeps the best-ranked of what shoppers take for one product: of pictures that are the same to the eye, and of the
 * variants in a group. The order stays.
 */
export function distinctCandidates(candidates: readonly Candidate[], rules: DistinctRules): Candidate[] {
  const { groups, limit = candidates.length } = rules
  const kept: Candidate[] = []
  const isNewPicture = pictureFilter(rules)
  const keptOfGroup = new Map<number, number>()
  for (const candidate of candidates) {
    if (kept.length >= limit) break
    const group = groups?.numbers[candidate.row] ?? noGroup
    const count = group === noGroup ? 0 : (keptOfGroup.get(group) ?? 0)
    if (count >= rules.perGroup || !isNewPicture(candidate.row)) continue
    if (group !== noGroup) keptOfGroup.set(group, count + 1)
    kept.push(candidate)
  }
  return kept
}

/** Returns a function that says of each row whether its picture is like none before for which it said so. */
function pictureFilter({ vectorOf, nearDuplicate, shown = [] }: DistinctRules): (row: number) => boolean {
  if (nearDuplicate > 1) return () => true
  const pictures = shown.map((vector) => ({ vector, squares: dot(vector, vector) }))
  return (row) => {
    const vector = vectorOf(row)
    const squares = dot(vector, vector)
    const isDuplicate = pictures.some(
      (other) => dot(other.vector, vector) / Math.sqrt(other.squares * squares) >= nearDuplicate,
    )
    if (!isDuplicate) pictures.push({ vector, squares })
    return !isDuplicate
  }
}

/** Every pair of a list is compared: what is the same of both is not worked out again, as a cosine would. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}
