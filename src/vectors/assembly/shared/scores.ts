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

/** The scores of the rows whose bit is set, and minus infinity for the others. */
// @ts-ignore: decorator
@inline export function onlyEligible(scores: v128, bits: i32): v128 {
  const each = i32x4(1, 2, 4, 8)
  return v128.bitselect(scores, f32x4.splat(-Infinity), i32x4.eq(v128.and(i32x4.splat(bits), each), each))
}
