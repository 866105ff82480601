/**
 * The rows that a search has found so far. Most rows cost one comparison, with the floor, which rises as better rows
 * are found.
 */

/** What is wanted, written by `scan-simd.ts`, and room for what is found. */
@unmanaged
export class Selection {
  wanted: i32
  lowest: f32
  margin: f32
  top: f32
  bottom: f32
  /** Room for the `wanted` best scores: a heap with the least on top. */
  best: usize
  /** Room for as many rows and scores as there are, and three more. */
  rows: usize
  scores: usize
  length: i32
}

/** Empties the selection. Returns the floor: rows with a lower score need not be added. */
export function begin(selection: Selection): f32 {
  for (let slot = 0; slot < selection.wanted; slot++) store<f32>(selection.best + (<usize>slot << 2), -Infinity)
  selection.length = 0
  return selection.lowest
}

/** Adds those of rows `row` to `row + 3` whose bit in `chosen` is set. Returns the floor. */
export function add(selection: Selection, row: i32, four: v128, chosen: i32): f32 {
  const best = selection.best
  let length = <usize>selection.length
  // All four first, and then those that are chosen over them.
  const scores = selection.scores + (length << 2)
  v128.store(scores, four)
  for (; chosen; chosen &= chosen - 1) {
    const lane = ctz(chosen)
    const score = load<f32>(scores + (<usize>lane << 2))
    store<i32>(selection.rows + (length << 2), row + lane)
    store<f32>(selection.scores + (length << 2), score)
    length++
    if (score > load<f32>(best)) replaceTop(best, selection.wanted, score)
  }
  selection.length = <i32>length
  return floor(selection)
}

/** Drops what the floor has left behind. Returns how many rows remain, in the order in which they were added. */
export function finish(selection: Selection): i32 {
  const least = floor(selection)
  const rows = selection.rows
  const scores = selection.scores
  let kept = 0
  for (let at = 0; at < selection.length; at++) {
    const score = load<f32>(scores + (<usize>at << 2))
    if (score < least) continue
    store<i32>(rows + (<usize>kept << 2), load<i32>(rows + (<usize>at << 2)))
    store<f32>(scores + (<usize>kept << 2), score)
    kept++
  }
  return kept
}

/** As `floorOf` in `scan-kernel.ts`. */
function floor(selection: Selection): f32 {
  const least = load<f32>(selection.best)
  if (!(least > selection.bottom)) return selection.lowest
  return max(selection.lowest, min(least, selection.top) - selection.margin)
}

function replaceTop(heap: usize, length: i32, score: f32): void {
  let parent = 0
  for (;;) {
    let child = 2 * parent + 1
    if (child >= length) break
    let least = load<f32>(heap + (<usize>child << 2))
    if (child + 1 < length) {
      const right = load<f32>(heap + (<usize>child << 2), 4)
      if (right < least) {
        least = right
        child++
      }
    }
    if (score <= least) break
    store<f32>(heap + (<usize>parent << 2), least)
    parent = child
  }
  store<f32>(heap + (<usize>parent << 2), score)
}
