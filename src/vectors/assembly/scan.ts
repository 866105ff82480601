/**
 * Dot products of one query with every row of a table, and the choice of the best of them.
 * Memory belongs to the caller: every function works on addresses it is given.
 *
 * Rows lie one behind the other without gaps. Queries are padded with zeros to whole vectors, so that what is read
 * of the next row counts nothing; after the last row there are bytes to read. Rows are taken four at a time, but
 * one after the other: several at once run into each other's cache lines where their length is a multiple of 256.
 *
 * Bit `i` of `eligible` says whether row `i` may be chosen; others get the score minus infinity. Row counts are
 * rounded up to a multiple of four: bits behind the last row are 0.
 */
import { fourBits, onlyEligible, sumLanes } from './shared/scores'

/** Dot product of one row of 8-bit integers with a query of 16-bit integers, in four parts. */
// @ts-ignore: decorator
@inline function dotInt8(row: usize, query: usize, end: usize): v128 {
  let low = i32x4.splat(0)
  let high = low
  for (; query < end; query += 32) {
    low = i32x4.add(low, i32x4.dot_i16x8_s(v128.load8x8_s(row), v128.load(query)))
    high = i32x4.add(high, i32x4.dot_i16x8_s(v128.load8x8_s(row, 8), v128.load(query, 16)))
    row += 16
  }
  return i32x4.add(low, high)
}

/** Scores = dot product times the row's scale. The query has as many 16-bit integers as 16 divides. */
export function scoreInt8(
  rows: usize, count: i32, dimensions: i32, scales: usize,
  query: usize, eligible: usize, scores: usize,
): void {
  const end = query + (<usize>((dimensions + 15) & ~15) << 1)
  const stride = <usize>dimensions
  for (let row = 0; row < count; row += 4) {
    const bits = fourBits(eligible, row)
    let dots = f32x4.splat(0)
    if (bits) {
      const sums = sumLanes(
        dotInt8(rows, query, end),
        dotInt8(rows + stride, query, end),
        dotInt8(rows + stride * 2, query, end),
        dotInt8(rows + stride * 3, query, end),
      )
      dots = f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales))
    }
    v128.store(scores, onlyEligible(dots, bits))
    rows += stride * 4
    scales += 16
    scores += 16
  }
}

/** Writes the sum of the levels of each row. Returns the largest squared norm of a row times its scale. */
export function measureInt8(rows: usize, count: i32, dimensions: i32, scales: usize, sums: usize): f32 {
  let largest: f32 = 0
  for (let row = 0; row < count; row++) {
    let sum = 0
    let squares = 0
    for (const end = rows + <usize>dimensions; rows < end; rows++) {
      const level = <i32>load<i8>(rows)
      sum += level
      squares += level * level
    }
    store<i32>(sums + (<usize>row << 2), sum)
    const scale = load<f32>(scales + (<usize>row << 2))
    largest = max(largest, scale * scale * <f32>squares)
  }
  return largest
}

/**
 * Writes rows of 32-bit floats as rows of 8-bit integers with a scale each, rounded to the nearest level. Returns
 * the largest squared norm of what rounding took from a row.
 */
export function quantize(floats: usize, count: i32, dimensions: i32, rows: usize, scales: usize): f32 {
  const stride = <usize>dimensions << 2
  let largestError: f32 = 0
  for (let row = 0; row < count; row++) {
    const end = floats + stride
    let largest: f32 = 0
    for (let at = floats; at < end; at += 4) largest = max(largest, abs(load<f32>(at)))
    const scale = largest / 127
    const inverse: f32 = scale > 0 ? <f32>1 / scale : 0
    let squares: f32 = 0
    for (; floats < end; floats += 4) {
      const component = load<f32>(floats)
      const level = max<f32>(-127, min<f32>(127, nearest<f32>(component * inverse)))
      const error = component - level * scale
      squares += error * error
      store<i8>(rows++, <i8>level)
    }
    store<f32>(scales, scale)
    scales += 4
    largestError = max(largestError, squares)
  }
  return largestError
}

/**
 * The `wanted`-th largest of `count` scores, minus infinity where there are fewer. `heap` is room for `wanted`
 * floats: the largest seen so far, the least of them on top.
 */
export function nthLargest(scores: usize, count: i32, wanted: i32, heap: usize): f32 {
  for (let slot = 0; slot < wanted; slot++) store<f32>(heap + (<usize>slot << 2), -Infinity)
  let least: f32 = -Infinity
  for (const end = scores + (<usize>count << 2); scores < end; scores += 16) {
    if (!v128.any_true(f32x4.gt(v128.load(scores), f32x4.splat(least)))) continue
    for (let lane: usize = 0; lane < 16; lane += 4) {
      const score = load<f32>(scores + lane)
      if (score > least) {
        replaceTop(heap, wanted, score)
        least = load<f32>(heap)
      }
    }
  }
  return least
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

/** Writes the rows whose score is at least `minimum`, which is finite, in order. Returns how many. */
export function collect(scores: usize, count: i32, minimum: f32, rows: usize): i32 {
  const first = rows
  for (let row = 0; row < count; row += 4) {
    let found = i32x4.bitmask(f32x4.ge(v128.load(scores), f32x4.splat(minimum)))
    for (; found; found &= found - 1) {
      store<i32>(rows, row + ctz(found))
      rows += 4
    }
    scores += 16
  }
  return <i32>((rows - first) >> 2)
}
