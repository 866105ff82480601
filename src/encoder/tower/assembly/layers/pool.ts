import { sumOfLanes } from '../arithmetic/lanes'
import { exponentials } from './softmax'

/** 1 / log 2 */
// @ts-ignore: decorator
@inline const LOG2_E: f32 = 1.44269504

/**
 * The mean of `tokens` rows of `length` floats for each of `heads` keys, weighted by softmax(row * key). A probe's query
 * and the key matrix of a head make one key, and what is done to all rows can be done to their mean.
 * `room` has space for the scores of all tokens and three floats more.
 */
export function poolTokens(
  from: usize, length: i32, tokens: i32, keys: usize, heads: i32, room: usize, to: usize,
): void {
  const bytes = <usize>length << 2
  for (let head = 0; head < heads; head++) {
    for (let token = 0; token < tokens; token++) {
      const row = from + <usize>token * bytes
      let sum = f32x4.splat(0)
      for (let at: usize = 0; at < bytes; at += 16) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(row + at), v128.load(keys + at)))
      }
      store<f32>(room + (<usize>token << 2), sumOfLanes(sum) * LOG2_E)
    }
    const share = f32x4.splat(<f32>1 / exponentials(room, tokens))
    for (let at: usize = 0; at < bytes; at += 16) {
      let sum = f32x4.splat(0)
      for (let token = 0; token < tokens; token++) {
        const weight = v128.load32_splat(room + (<usize>token << 2))
        sum = f32x4.add(sum, f32x4.mul(weight, v128.load(from + <usize>token * bytes + at)))
      }
      v128.store(to + at, f32x4.mul(sum, share))
    }
    keys += bytes
    to += bytes
  }
}
