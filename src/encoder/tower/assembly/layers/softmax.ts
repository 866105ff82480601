import { largestLane, sumOfLanes } from '../arithmetic/lanes'
import { powerOfTwo } from '../arithmetic/power-of-two'

/**
 * Replaces `count` scores, in units of log 2, by 2^(score - largest), and what stands behind them up to a multiple of four
 * by 0. Returns their sum.
 */
// @ts-ignore: decorator
@inline export function exponentials(scores: usize, count: i32): f32 {
  const behind = scores + (<usize>count << 2)
  const end = scores + (<usize>((count + 3) & ~3) << 2)
  for (let at = behind; at < end; at += 4) store<f32>(at, -Infinity)
  let largest = v128.load(scores)
  for (let at = scores + 16; at < end; at += 16) largest = f32x4.pmax(largest, v128.load(at))
  const most = f32x4.splat(largestLane(largest))
  let sum = f32x4.splat(0)
  for (let at = scores; at < end; at += 16) {
    const power = powerOfTwo(f32x4.sub(v128.load(at), most))
    v128.store(at, power)
    sum = f32x4.add(sum, power)
  }
  for (let at = behind; at < end; at += 4) store<f32>(at, 0)
  return sumOfLanes(sum)
}
