/**
 * Rows this long or longer are taken one after the other: several at once run into each other's cache lines, at
 * multiples of 256 bytes most of all. Shorter ones are taken four at once, so that the query is read once for them.
 */
export const longRow: i32 = 256

/** Adds up the lanes of each of four accumulators: a, b, c, d. */
// @ts-ignore: decorator
@inline export function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7))
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7))
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3))
}

/** The bits of rows `row` to `row + 3`, `row` a multiple of four, in a bitmap. */
// @ts-ignore: decorator
@inline export function fourBits(bitmap: usize, row: i32): i32 {
  return (<i32>load<u8>(bitmap + (<usize>row >> 3)) >> (row & 4)) & 15
}
