/**
 * `search` of `scan.ts` with the relaxed dot product, which engines turn into the processor's own where it has one.
 * Works on the memory of `scan.ts`.
 *
 * The product takes signed bytes and bytes of 7 bits, and is the same on every engine for these. So the query is
 * signed integers of 7 bits with 64 added (but 0 for padding), and 64 times the sum of the row is taken off again.
 */
import { fourBits, longRow, sumLanes } from './shared/lanes'
import { add, begin, finish, Selection } from './shared/selection'

// @ts-ignore: decorator
@inline function dot(row: usize, query: usize, end: usize): v128 {
  let sum = i32x4.splat(0)
  for (; query < end; query += 16) {
    sum = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(row), v128.load(query), sum)
    row += 16
  }
  return sum
}

/** The dot products of four rows, one after the other. */
// @ts-ignore: decorator
@inline function dotsInTurn(row: usize, stride: usize, query: usize, end: usize): v128 {
  return sumLanes(
    dot(row, query, end),
    dot(row + stride, query, end),
    dot(row + stride * 2, query, end),
    dot(row + stride * 3, query, end),
  )
}

/** The same, all at once. */
// @ts-ignore: decorator
@inline function dotsAtOnce(a: usize, stride: usize, query: usize, end: usize): v128 {
  let b = a + stride
  let c = b + stride
  let d = c + stride
  let sumA = i32x4.splat(0)
  let sumB = sumA
  let sumC = sumA
  let sumD = sumA
  for (; query < end; query += 16) {
    const part = v128.load(query)
    sumA = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(a), part, sumA)
    sumB = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(b), part, sumB)
    sumC = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(c), part, sumC)
    sumD = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(d), part, sumD)
    a += 16
    b += 16
    c += 16
    d += 16
  }
  return sumLanes(sumA, sumB, sumC, sumD)
}

/** As `search` of `scan.ts`; the query has as many bytes as 16 divides. */
export function search(
  rows: usize, count: i32, dimensions: i32, scales: usize, sums: usize,
  query: usize, eligible: usize, selection: Selection,
): i32 {
  return dimensions < longRow
    ? scan(rows, count, dimensions, scales, sums, query, eligible, selection, true)
    : scan(rows, count, dimensions, scales, sums, query, eligible, selection, false)
}

/** A loop for each way to take the rows, so that the choice is made once. */
// @ts-ignore: decorator
@inline function scan(
  rows: usize, count: i32, dimensions: i32, scales: usize, sums: usize,
  query: usize, eligible: usize, selection: Selection,
  atOnce: bool,
): i32 {
  const end = query + <usize>((dimensions + 15) & ~15)
  const stride = <usize>dimensions
  let floor = begin(selection)
  for (let row = 0; row < count; row += 4) {
    const bits = fourBits(eligible, row)
    if (bits) {
      const shifted = atOnce ? dotsAtOnce(rows, stride, query, end) : dotsInTurn(rows, stride, query, end)
      const dots = i32x4.sub(shifted, i32x4.shl(v128.load(sums), 6))
      const scores = f32x4.mul(f32x4.convert_i32x4_s(dots), v128.load(scales))
      const chosen = i32x4.bitmask(f32x4.ge(scores, f32x4.splat(floor))) & bits
      if (chosen) floor = add(selection, row, scores, chosen)
    }
    rows += stride * 4
    scales += 16
    sums += 16
  }
  return finish(selection)
}
