import { largestLane, roundLanes } from '../arithmetic/lanes'
import { exponentials, scaleScores } from './softmax'

/**
 * Attention in 16-bit integers, the same instructions on every engine. Queries and keys have 12 bits and a sign, so that
 * 128 products of them fit 32 bits; values have 15 and a sign, and so have the weights of a row, which add up to 2^15.
 */
// @ts-ignore: decorator
@inline const KEY_LEVELS: f32 = 4095
// @ts-ignore: decorator
@inline const VALUE_LEVELS: f32 = 32767

/** 16-bit integers of four floats and of four others, by turns. */
// @ts-ignore: decorator
@inline function interleave(a: v128, b: v128): v128 {
  const narrow = i16x8.narrow_i32x4_s(roundLanes(a), roundLanes(b))
  return i16x8.shuffle(narrow, narrow, 0, 4, 1, 5, 2, 6, 3, 7)
}

/**
 * Writes rows of `width` floats as 16-bit integers, one scale a row: of `together` rows two numbers of each in turn, so
 * that they can be multiplied with those of other rows. Behind the last row come rows of zeros.
 */
// @ts-ignore: decorator
@inline function quantizeHead(
  from: usize, stride: usize, width: i32, first: i32, last: i32, to: usize, scales: usize, together: i32,
): void {
  const step = <usize>together << 2
  const bytes = <usize>width << 2
  const end = first + ((last - first + together - 1) / together) * together
  for (let row = first; row < end; row++) {
    const start = from + <usize>row * stride
    let place = to + <usize>((row - first) / together) * (step * <usize>(width >> 1)) + (<usize>((row - first) % together) << 2)
    let factor: f32 = 0
    let scale: f32 = 0
    if (row < last) {
      let largest = f32x4.splat(0)
      for (let at: usize = 0; at < bytes; at += 16) largest = f32x4.pmax(largest, f32x4.abs(v128.load(start + at)))
      const most = largestLane(largest)
      scale = most / KEY_LEVELS
      factor = most > 0 ? KEY_LEVELS / most : <f32>0
    }
    store<f32>(scales + (<usize>(row - first) << 2), scale)
    const factors = f32x4.splat(factor)
    for (let at: usize = 0; at < bytes; at += 16) {
      const levels = row < last ? roundLanes(f32x4.mul(v128.load(start + at), factors)) : i32x4.splat(0)
      const narrow = i16x8.narrow_i32x4_s(levels, levels)
      v128.store32_lane(place, narrow, 0)
      v128.store32_lane(place + step, narrow, 1)
      place += step * 2
    }
  }
}

/**
 * Takes the keys and values of one head: `tokens` rows of `stride` bytes with `width` floats each, multiples of eight.
 * `keyScales` gets a float a token, `valueScales` one a channel.
 */
export function prepareHead(
  keys: usize, values: usize, stride: usize, width: i32, tokens: i32,
  keysTo: usize, keyScales: usize, valuesTo: usize, valueScales: usize,
): void {
  quantizeHead(keys, stride, width, 0, tokens, keysTo, keyScales, 8)
  const pairs = (tokens + 7) >> 3 << 2
  for (let channel = 0; channel < width; channel += 4) {
    const column = values + (<usize>channel << 2)
    let largest = f32x4.splat(0)
    for (let token = 0; token < tokens; token++) {
      largest = f32x4.pmax(largest, f32x4.abs(v128.load(column + <usize>token * stride)))
    }
    v128.store(valueScales + (<usize>channel << 2), f32x4.div(largest, f32x4.splat(VALUE_LEVELS)))
    // A channel of nothing but zeros is multiplied with 0, not with infinity.
    const factors = v128.and(
      f32x4.div(f32x4.splat(VALUE_LEVELS), largest),
      f32x4.gt(largest, f32x4.splat(0)),
    )
    let place = valuesTo + <usize>(channel >> 3) * (<usize>pairs << 5) + (<usize>(channel & 4) << 2)
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

/** Four rows times eight columns of 16-bit integers, `pairs` pairs of each; the sums go to four rows of `to`. */
// @ts-ignore: decorator
@inline function multiplyTile(x: usize, w: usize, pairs: i32, to: usize, stride: usize): void {
  const zero = i32x4.splat(0)
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero
  const end = w + (<usize>pairs << 5)
  for (; w < end; w += 32) {
    const w0 = v128.load(w)
    const w1 = v128.load(w, 16)
    const a = v128.load32_splat(x)
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(a, w0))
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(a, w1))
    const b = v128.load32_splat(x, 4)
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(b, w0))
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(b, w1))
    const c = v128.load32_splat(x, 8)
    c0 = i32x4.add(c0, i32x4.dot_i16x8_s(c, w0))
    c1 = i32x4.add(c1, i32x4.dot_i16x8_s(c, w1))
    const d = v128.load32_splat(x, 12)
    d0 = i32x4.add(d0, i32x4.dot_i16x8_s(d, w0))
    d1 = i32x4.add(d1, i32x4.dot_i16x8_s(d, w1))
    x += 16
  }
  v128.store(to, a0)
  v128.store(to, a1, 16)
  v128.store(to + stride, b0)
  v128.store(to + stride, b1, 16)
  v128.store(to + stride * 2, c0)
  v128.store(to + stride * 2, c1, 16)
  v128.store(to + stride * 3, d0)
  v128.store(to + stride * 3, d1, 16)
}

/** Turns a row of sums into scores, then exponentials, then 15-bit weights. Returns what their sum is worth. */
// @ts-ignore: decorator
@inline function weigh(scores: usize, scale: f32, keyScales: usize, tokens: i32, panel: usize): f32 {
  const bytes = <usize>((tokens + 3) & ~3) << 2
  scaleScores(scores, tokens, scale, keyScales)
  const factor = f32x4.splat(VALUE_LEVELS / exponentials(scores, tokens))
  let total = i32x4.splat(0)
  let place = panel
  for (let at: usize = 0; at < bytes; at += 16) {
    const levels = roundLanes(f32x4.mul(v128.load(scores + at), factor))
    total = i32x4.add(total, levels)
    const narrow = i16x8.narrow_i32x4_s(levels, levels)
    v128.store32_lane(place, narrow, 0)
    v128.store32_lane(place, narrow, 1, 16)
    place += 32
  }
  const halves = i32x4.add(total, i32x4.shuffle(total, total, 2, 3, 0, 1))
  return <f32>1 / <f32>(i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1))
}

/**
 * Attention of one head for the queries `first` up to, and without, `last`, multiples of four: writes `width` floats a row.
 * There are rows behind the last token up to such a multiple; what they hold is of no account.
 * `room` has space for `roomForQueries` bytes.
 */
export function attend(
  queries: usize, stride: usize, width: i32, first: i32, last: i32, tokens: i32, factor: f32,
  keys: usize, keyScales: usize, values: usize, valueScales: usize, room: usize, to: usize, toStride: usize,
): void {
  const padded = (tokens + 7) & ~7
  const queryScales = room
  const shares = room + 32
  const panel = room + 64
  const scores = panel + (<usize>width << 3)
  const rowOfScores = <usize>padded << 2
  const weights = scores + rowOfScores * 4
  const headPairs = width >> 1
  for (let row = first; row < last; row += 4) {
    quantizeHead(queries, stride, width, row, row + 4, panel, queryScales, 4)
    let key = keys
    for (let token = 0; token < padded; token += 8) {
      multiplyTile(panel, key, headPairs, scores + (<usize>token << 2), rowOfScores)
      key += <usize>headPairs << 5
    }
    // Weights of the tokens that are none stay 0.
    if (tokens + 4 <= padded) memory.fill(weights + (<usize>(padded - 4) << 3), 0, 32)
    for (let i: usize = 0; i < 4; i++) {
      const scale = load<f32>(queryScales + (i << 2)) * factor
      store<f32>(shares + (i << 2), weigh(scores + i * rowOfScores, scale, keyScales, tokens, weights + (i << 2)))
    }
    let value = values
    for (let channel = 0; channel < width; channel += 8) {
      const place = to + <usize>row * toStride + (<usize>channel << 2)
      multiplyTile(weights, value, padded >> 1, place, toStride)
      const scale0 = v128.load(valueScales + (<usize>channel << 2))
      const scale1 = v128.load(valueScales + (<usize>channel << 2), 16)
      for (let i: usize = 0; i < 4; i++) {
        const share = v128.load32_splat(shares + (i << 2))
        const at = place + i * toStride
        v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(v128.load(at)), f32x4.mul(share, scale0)))
        v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(v128.load(at, 16)), f32x4.mul(share, scale1)), 16)
      }
      value += <usize>(padded >> 1) << 5
    }
  }
}
