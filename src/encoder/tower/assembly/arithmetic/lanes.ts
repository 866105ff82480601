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

// @ts-ignore: decorator
@inline export function sumOfWholeLanes(x: v128): i32 {
  const halves = i32x4.add(x, i32x4.shuffle(x, x, 2, 3, 0, 1))
  return i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1)
}
