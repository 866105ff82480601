import type { VectorEntry } from '../vectors/vector-table.js'
import { type Candidate, compareCandidates } from './candidate.js'

/**
 * The `count` best of `rows` with a score of at least `minScore`, best first, ties by id. A binary heap with the
 * worst on top holds the best seen so far, so that a row costs one comparison in the usual case.
 * @param scoreOf the cosine similarity, which rounding may have taken beyond 1: that is cut off.
 */
export function selectTop(
  rows: Iterable<number>,
  scoreOf: (row: number) => number,
  entries: readonly VectorEntry[],
  { count, minScore }: { readonly count: number; readonly minScore: number },
): Candidate[] {
  const heap: Candidate[] = []
  for (const row of rows) {
    const score = Math.min(1, Math.max(-1, scoreOf(row)))
    if (score < minScore) continue
    const worst = heap[0]
    if (heap.length >= count && worst && score < worst.score) continue
    const candidate = { row, id: (entries[row] as VectorEntry).id, score }
    if (heap.length < count) {
      heap.push(candidate)
      siftUp(heap, heap.length - 1)
    } else if (worst && compareCandidates(candidate, worst) < 0) {
      heap[0] = candidate
      siftDown(heap, 0)
    }
  }
  return heap.sort(compareCandidates)
}

function siftUp(heap: Candidate[], start: number): void {
  let child = start
  while (child > 0) {
    const parent = (child - 1) >> 1
    if (!isWorse(heap, child, parent)) return
    swap(heap, child, parent)
    child = parent
  }
}

function siftDown(heap: Candidate[], start: number): void {
  let parent = start
  for (;;) {
    const left = 2 * parent + 1
    if (left >= heap.length) return
    const right = left + 1
    const worst = right < heap.length && isWorse(heap, right, left) ? right : left
    if (!isWorse(heap, worst, parent)) return
    swap(heap, worst, parent)
    parent = worst
  }
}

function isWorse(heap: readonly Candidate[], a: number, b: number): boolean {
  return compareCandidates(heap[a] as Candidate, heap[b] as Candidate) > 0
}

function swap(heap: Candidate[], a: number, b: number): void {
  const kept = heap[a] as Candidate
  heap[a] = heap[b] as Candidate
  heap[b] = kept
}
