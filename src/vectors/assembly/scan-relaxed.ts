/**
 * `scoreInt8` of `scan.ts` with the relaxed dot product, which engines turn into the processor's own where it has
 * one. Works on the memory of `scan.ts`.
 *
 * The product takes signed bytes and bytes of 7 bits, and is the same on every engine for these. So the query is
 * signed integers of 7 bits with 64 added (but 0 for padding), and 64 times the sum of the row is taken off again.
 */
import { fourBits, onlyEligible, sumLanes } from './shared/scores'

// @ts-ignore: decorator
@inline function dot(row: usize, query: usize, end: usize): v128 {
  let sum = i32x4.splat(0)
  for (; query < end; query += 16) {
    sum = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(row), v128.load(query), sum)
    row += 16
  }
  return sum
}

/** Scores = dot product times the row's scale. The query has as many bytes as 16 divides. */
export function scoreInt8(
  rows: usize, count: i32, dimensions: i32, scales: usize, sums: usize,
  query: usize, eligible: usize, scores: usize,
): void {
  const end = query + <usize>((dimensions + 15) & ~15)
  const stride = <usize>dimensions
  for (let row = 0; row < count; row += 4) {
    const bits = fourBits(eligible, row)
    let dots = f32x4.splat(0)
    if (bits) {
      const shifted = sumLanes(
        dot(rows, query, end),
        dot(rows + stride, query, end),
        dot(rows + stride * 2, query, end),
        dot(rows + stride * 3, query, end),
      )
      const exact = i32x4.sub(shifted, i32x4.shl(v128.load(sums), 6))
      dots = f32x4.mul(f32x4.convert_i32x4_s(exact), v128.load(scales))
    }
    v128.store(scores, onlyEligible(dots, bits))
    rows += stride * 4
    scales += 16
    sums += 16
    scores += 16
  }
}
