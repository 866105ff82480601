/**
 * Dot products of one query with every row of a table, and the choice of the best of them.
 * Memory belongs to the caller: every function works on addresses it is given.
 *
 * Rows lie one behind the other without gaps. Queries are padded with zeros to whole vectors, so that what is read
 * of the next row counts nothing; after the last row there are bytes to read. Rows are taken four at a time, and row
 * counts rounded up to a multiple of four.
 *
 * Bit `i` of `eligible` says whether row `i` may be found; bits behind the last row are 0.
 */
import { fourBits, longRow, sumLanes } from './shared/lanes'
import { add, begin, finish, Selection } from './shared/selection'

/** Adds to `sum` the product of 16 components: 8-bit integers of a row, and two times eight 16-bit ones of a query. */
// @ts-ignore: decorator
@inline function addProduct(sum: v128, row: usize, low: v128, high: v128): v128 {
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load8x8_s(row), low))
  return i32x4.add(sum, i32x4.dot_i16x8_s(v128.load8x8_s(row, 8), high))
}

// @ts-ignore: decorator
@inline function dot(row: usize, query: usize, end: usize): v128 {
  let sum = i32x4.splat(0)
  for (; query < end; query += 32) {
    sum = addProduct(sum, row, v128.load(query), v128.load(query, 16))
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
  for (; query < end; query += 32) {
    const low = v128.load(query)
    const high = v128.load(query, 16)
    sumA = addProduct(sumA, a, low, high)
    sumB = addProduct(sumB, b, low, high)
    sumC = addProduct(sumC, c, low, high)
    sumD = addProduct(sumD, d, low, high)
    a += 16
    b += 16
    c += 16
    d += 16
  }
  return sumLanes(sumA, sumB, sumC, sumD)
}

/**
 * Finds the rows that `selection` is after, by score = dot product times the row's scale. The query has as many
 * 16-bit integers as 16 divides. Returns how many rows there are in the selection, in ascending order.
 */
export function search(
  rows: usize, count: i32, dimensions: i32, scales: usize,
  query: usize, eligible: usize, selection: Selection,
): i32 {
  return dimensions < longRow
    ? scan(rows, count, dimensions, scales, query, eligible, selection, true)
    : scan(rows, count, dimensions, scales, query, eligible, selection, false)
}

/** A loop for each way to take the rows, so that the choice is made once. */
// @ts-ignore: decorator
@inline function scan(
  rows: usize, count: i32, dimensions: i32, scales: usize,
  query: usize, eligible: usize, selection: Selection,
  atOnce: bool,
): i32 {
  const end = query + (<usize>((dimensions + 15) & ~15) << 1)
  const stride = <usize>dimensions
  let floor = begin(selection)
  for (let row = 0; row < count; row += 4) {
    const bits = fourBits(eligible, row)
    if (bits) {
      const dots = atOnce ? dotsAtOnce(rows, stride, query, end) : dotsInTurn(rows, stride, query, end)
      const scores = f32x4.mul(f32x4.convert_i32x4_s(dots), v128.load(scales))
      const chosen = i32x4.bitmask(f32x4.ge(scores, f32x4.splat(floor))) & bits
      if (chosen) floor = add(selection, row, scores, chosen)
    }
    rows += stride * 4
    scales += 16
  }
  return finish(selection)
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
