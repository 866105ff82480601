/** The sum of four floats, always in the same order. */
// @ts-ignore: decorator
@inline export function sumOfLanes(x: v128): f32 {
  const halves = f32x4.add(x, i32x4.shuffle(x, x, 2, 3, 0, 1))
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1)
}

// @ts-ignore: decorator
@inline export function leastLane(x: v128): f32 {
  const halves = f32x4.pmin(x, i32x4.shuffle(x, x, 2, 3, 0, 1))
  return min(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1))
}

// @ts-ignore: decorator
@inline export function largestLane(x: v128): f32 {
  const halves = f32x4.pmax(x, i32x4.shuffle(x, x, 2, 3, 0, 1))
  return max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1))
}

/** Adding this float to a smaller one, of at most 22 bits, leaves its nearest whole number in the lowest bits. */
// @ts-ignore: decorator
@inline const ROUNDING: f32 = 12582912.0
// @ts-ignore: decorator
@inline const ROUNDING_BITS: i32 = 0x4b400000

/** The nearest whole numbers, of two the even one; |x| < 2^22. */
// @ts-ignore: decorator
@inline export function roundLanes(x: v128): v128 {
  return i32x4.sub(f32x4.add(x, f32x4.splat(ROUNDING)), i32x4.splat(ROUNDING_BITS))
}
