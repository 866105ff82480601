import { largestLane, sumOfWholeLanes } from '../arithmetic/lanes'
import { roundLanes } from '../arithmetic/rounding'
import { HEADER_BYTES, LONE_BYTES, loneBlockBytes, placeInPanel } from './blocks'
import { Form } from './form'
import { exponentials } from './softmax'
import { storeChannelWorth, storeRowWorth } from './worth'

/**
 * Attention as two products of matrices. Queries are rows of 8 bits, and the keys of a head are weights of 7 bits as those
 * of a layer are, a channel a token. The shares that softmax gives the tokens are rows of 15 bits which add up to 2^15,
 * and values weights of 15 bits and a sign.
 */
// @ts-ignore: decorator
@inline const KEY_LEVELS: f32 = 63
// @ts-ignore: decorator
@inline const VALUE_LEVELS: f32 = 32767

/**
 * Writes the keys of one head, `tokens` rows of `width` floats `stride` bytes apart, as `packWeights` does weights. Scores
 * come out multiplied by `factor`. Up to a multiple of eight there are tokens of zeros.
 */
export function packKeys(
  keys: usize, stride: usize, width: i32, tokens: i32, factor: f32, to: usize, channels: usize, form: Form,
): void {
  const bytes = <usize>width << 2
  const padded = (tokens + 7) & ~7
  const shift = i16x8.splat(KEY_LEVELS as i16)
  for (let token = 0; token < padded; token++) {
    const start = keys + <usize>token * stride
    let largest = f32x4.splat(0)
    if (token < tokens) {
      for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.pmax(largest, f32x4.abs(v128.load(start + at)))
    }
    const most = largestLane(largest)
    const levelsOf = f32x4.splat(most > 0 ? KEY_LEVELS / most : <f32>0)
    let sum = i32x4.splat(0)
    let place = to
    if (form == Form.pairs) {
      const block = to + <usize>(token >> 2) * loneBlockBytes(width)
      if (!(token & 3)) startLoneBlock(block, width)
      place = block + HEADER_BYTES + 4 + (<usize>(token & 3) << 2)
    } else place += <usize>(token >> 3) * (<usize>width << 3) + (<usize>(token & 7) << (form == Form.words ? 1 : 2))
    for (let at: usize = 0; at < bytes; at += 16) {
      const levels = token < tokens ? roundLanes(f32x4.mul(v128.load(start + at), levelsOf)) : i32x4.splat(0)
      sum = i32x4.add(sum, levels)
      const words = i16x8.narrow_i32x4_s(levels, levels)
      if (form == Form.pairs) {
        v128.store32_lane(place, i8x16.narrow_i16x8_s(words, words), 0)
        place += LONE_BYTES
        continue
      }
      if (form == Form.words) {
        const signed = i8x16.narrow_i16x8_s(words, words)
        v128.store16_lane(place, signed, 0)
        v128.store16_lane(place, signed, 1, 16)
      } else {
        const shifted = i16x8.add(words, shift)
        v128.store32_lane(place, i8x16.narrow_i16x8_s(shifted, shifted), 0)
      }
      place += 32
    }
    storeChannelWorth(channels, token, (most / KEY_LEVELS) * factor, sumOfWholeLanes(sum), 0)
  }
}

/** Writes the frame of four tokens' keys: whether their groups may pair nobody knows before. */
// @ts-ignore: decorator
@inline function startLoneBlock(block: usize, width: i32): void {
  store<i32>(block, 0)
  store<i32>(block, <i32>(loneBlockBytes(width) - HEADER_BYTES), 4)
  for (let at = 0; at < width; at += 4) {
    store<i32>(block + HEADER_BYTES + <usize>(at >> 2) * LONE_BYTES, placeInPanel(at))
  }
}

/** 16-bit integers of four floats and of four others, by turns. */
// @ts-ignore: decorator
@inline function interleave(a: v128, b: v128): v128 {
  const narrow = i16x8.narrow_i32x4_s(roundLanes(a), roundLanes(b))
  return i16x8.shuffle(narrow, narrow, 0, 4, 1, 5, 2, 6, 3, 7)
}

/** Writes the values of one head as weights of 16 bits, one scale a channel, of tokens up to a multiple of eight. */
export function packValues(
  values: usize, stride: usize, width: i32, tokens: i32, to: usize, channels: usize,
): void {
  const pairs = (tokens + 7) >> 3 << 2
  for (let channel = 0; channel < width; channel += 4) {
    const column = values + (<usize>channel << 2)
    let largest = f32x4.splat(0)
    for (let token = 0; token < tokens; token++) {
      largest = f32x4.pmax(largest, f32x4.abs(v128.load(column + <usize>token * stride)))
    }
    const scale = f32x4.div(largest, f32x4.splat(VALUE_LEVELS))
    storeChannelWorth(channels, channel, f32x4.extract_lane(scale, 0), 0, 0)
    storeChannelWorth(channels, channel + 1, f32x4.extract_lane(scale, 1), 0, 0)
    storeChannelWorth(channels, channel + 2, f32x4.extract_lane(scale, 2), 0, 0)
    storeChannelWorth(channels, channel + 3, f32x4.extract_lane(scale, 3), 0, 0)
    // A channel of nothing but zeros is multiplied with 0, not with infinity.
    const factors = v128.and(
      f32x4.div(f32x4.splat(VALUE_LEVELS), largest),
      f32x4.gt(largest, f32x4.splat(0)),
    )
    let place = to + <usize>(channel >> 3) * (<usize>pairs << 5) + (<usize>(channel & 4) << 2)
    for (let pair = 0; pair < pairs; pair++) {
      const token = pair << 1
      const zero = f32x4.splat(0)
      const upper = token < tokens ? f32x4.mul(v128.load(column + <usize>token * stride), factors) : zero
      const lower = token + 1 < tokens ? f32x4.mul(v128.load(column + <usize>(token + 1) * stride), factors) : zero
      v128.store(place, interleave(upper, lower))
      place += 32
    }
  }
}

/**
 * Turns `rows` rows of scores, a multiple of four, `stride` bytes apart, into the tokens' shares: panels of 16-bit numbers
 * of as many tokens as make a multiple of eight. Scores are in units of log 2.
 */
export function shareTokens(scores: usize, stride: usize, rows: i32, tokens: i32, panels: usize, worths: usize): void {
  const bytes = <usize>((tokens + 7) & ~7) << 2
  const used = <usize>((tokens + 3) & ~3) << 2
  for (let row = 0; row < rows; row++) {
    const factor = f32x4.splat(VALUE_LEVELS / exponentials(scores, tokens))
    let total = i32x4.splat(0)
    let place = panels + <usize>(row >> 2) * (bytes << 1) + (<usize>(row & 3) << 2)
    for (let at: usize = 0; at < bytes; at += 16) {
      // Tokens that are none have no share.
      const levels = at < used ? roundLanes(f32x4.mul(v128.load(scores + at), factor)) : i32x4.splat(0)
      total = i32x4.add(total, levels)
      const narrow = i16x8.narrow_i32x4_s(levels, levels)
      v128.store32_lane(place, narrow, 0)
      v128.store32_lane(place, narrow, 1, 16)
      place += 32
    }
    storeRowWorth(worths, row, <f32>1 / <f32>sumOfWholeLanes(total), 0, 0)
    scores += stride
  }
}
