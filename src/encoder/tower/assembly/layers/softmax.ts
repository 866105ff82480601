import { exp } from '../arithmetic/exp'
import { largestLane, sumOfLanes } from '../arithmetic/lanes'

/** Whole numbers of four bytes that `factor` and a float a column turn into scores, in place. */
// @ts-ignore: decorator
@inline export function scaleScores(scores: usize, count: i32, factor: f32, columns: usize): void {
  const bytes = <usize>((count + 3) & ~3) << 2
  const factors = f32x4.splat(factor)
  for (let at: usize = 0; at < bytes; at += 16) {
    const sums = f32x4.convert_i32x4_s(v128.load(scores + at))
    v128.store(scores + at, f32x4.mul(sums, f32x4.mul(factors, v128.load(columns + at))))
  }
}

/**
 * Replaces `count` scores by e^(score - largest), and what stands behind them up to a multiple of four by 0. Returns
 * their sum.
 */
// @ts-ignore: decorator
@inline export function exponentials(scores: usize, count: i32): f32 {
  const behind = scores + (<usize>count << 2)
  const end = scores + (<usize>((count + 3) & ~3) << 2)
  for (let at = behind; at < end; at += 4) store<f32>(at, load<f32>(scores))
  let largest = v128.load(scores)
  for (let at = scores + 16; at < end; at += 16) largest = f32x4.pmax(largest, v128.load(at))
  const most = f32x4.splat(largestLane(largest))
  for (let at = scores; at < end; at += 16) v128.store(at, exp(f32x4.sub(v128.load(at), most)))
  for (let at = behind; at < end; at += 4) store<f32>(at, 0)
  let sum = f32x4.splat(0)
  for (let at = scores; at < end; at += 16) sum = f32x4.add(sum, v128.load(at))
  return sumOfLanes(sum)
}
