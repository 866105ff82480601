import { HEADER_BYTES, LONE_BYTES } from './blocks'
import { finishFour } from './finish'
import { CHANNELS_BYTES } from './worth'

/** Adds the products of four bytes of a row and four weights of each channel. */
// @ts-ignore: decorator
@inline function add(sum: v128, x: usize, w: v128, ones: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return sum
  const products = i16x8.relaxed_dot_i8x16_i7x16_s(w, v128.load32_splat(x))
  return i32x4.add(sum, i32x4.dot_i16x8_s(products, ones))
}

/** The same of two groups, which pass 16 bits together no more than one does. */
// @ts-ignore: decorator
@inline function addPair(sum: v128, x: usize, w0: v128, w1: v128, ones: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return sum
  const first = i16x8.relaxed_dot_i8x16_i7x16_s(w0, v128.load32_splat(x))
  const second = i16x8.relaxed_dot_i8x16_i7x16_s(w1, v128.load32_splat(x, 16))
  return i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.add(first, second), ones))
}

/** Channels whose weights stay in the nearest cache while all rows pass: their outputs fill lines of it. */
// @ts-ignore: decorator
@inline const CHANNELS_AT_ONCE: i32 = 16

/**
 * `multiplyTiles` of bytes without a sign and weights in blocks. Eight rows and four channels at once keep eight sums, two
 * groups of weights, two parts of a row and ones in registers; what rows are left over when they are no multiple of eight
 * are four.
 */
// @ts-ignore: decorator
@inline export function multiplyBlocks(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  const panel = <usize>inputs << 2
  // What a compiler cannot know stays in a register: V8 makes a constant anew in every step, in three instructions.
  const ones = i16x8.splat(<i16>(inputs > 0))
  for (let output = 0; output < outputs; output += CHANNELS_AT_ONCE) {
    const channelsEnd = min(output + CHANNELS_AT_ONCE, outputs)
    let left = panels + <usize>first * <usize>inputs
    let line = to
    let block = weights
    for (let row = first; row < last; row += 8) {
      const right = left + panel
      block = weights
      for (let channel = output; channel < channelsEnd; channel += 4) {
        const paired = block + HEADER_BYTES
        const lone = paired + <usize>load<i32>(block)
        const end = lone + <usize>load<i32>(block, 4)
        const worth = channels + <usize>(channel >> 3) * CHANNELS_BYTES + (<usize>(channel & 4) << 2)
        const start = v128.load(worth, 96)
        let place = line + (<usize>channel << 2)
        block = end
        if (row + 4 < last) {
          let a = start, b = start, c = start, d = start, e = start, f = start, g = start, h = start
          let x = left, y = right
          for (let w = paired; w < lone; w += 32) {
            const w0 = v128.load(w), w1 = v128.load(w, 16)
            a = addPair(a, x, w0, w1, ones)
            b = addPair(b, x + 4, w0, w1, ones)
            c = addPair(c, x + 8, w0, w1, ones)
            d = addPair(d, x + 12, w0, w1, ones)
            e = addPair(e, y, w0, w1, ones)
            f = addPair(f, y + 4, w0, w1, ones)
            g = addPair(g, y + 8, w0, w1, ones)
            h = addPair(h, y + 12, w0, w1, ones)
            x += 32
            y += 32
          }
          for (let w = lone; w < end; w += LONE_BYTES) {
            const at = <usize>load<i32>(w)
            const group = v128.load(w, 4)
            x = left + at
            y = right + at
            a = add(a, x, group, ones)
            b = add(b, x + 4, group, ones)
            c = add(c, x + 8, group, ones)
            d = add(d, x + 12, group, ones)
            e = add(e, y, group, ones)
            f = add(f, y + 4, group, ones)
            g = add(g, y + 8, group, ones)
            h = add(h, y + 12, group, ones)
          }
          finishFour(a, rows, row, worth, place, isAdded)
          finishFour(b, rows, row + 1, worth, place + stride, isAdded)
          finishFour(c, rows, row + 2, worth, place + stride * 2, isAdded)
          finishFour(d, rows, row + 3, worth, place + stride * 3, isAdded)
          place += stride << 2
          finishFour(e, rows, row + 4, worth, place, isAdded)
          finishFour(f, rows, row + 5, worth, place + stride, isAdded)
          finishFour(g, rows, row + 6, worth, place + stride * 2, isAdded)
          finishFour(h, rows, row + 7, worth, place + stride * 3, isAdded)
        } else {
          let a = start, b = start, c = start, d = start
          let x = left
          for (let w = paired; w < lone; w += 32) {
            const w0 = v128.load(w), w1 = v128.load(w, 16)
            a = addPair(a, x, w0, w1, ones)
            b = addPair(b, x + 4, w0, w1, ones)
            c = addPair(c, x + 8, w0, w1, ones)
            d = addPair(d, x + 12, w0, w1, ones)
            x += 32
          }
          for (let w = lone; w < end; w += LONE_BYTES) {
            const group = v128.load(w, 4)
            x = left + <usize>load<i32>(w)
            a = add(a, x, group, ones)
            b = add(b, x + 4, group, ones)
            c = add(c, x + 8, group, ones)
            d = add(d, x + 12, group, ones)
          }
          finishFour(a, rows, row, worth, place, isAdded)
          finishFour(b, rows, row + 1, worth, place + stride, isAdded)
          finishFour(c, rows, row + 2, worth, place + stride * 2, isAdded)
          finishFour(d, rows, row + 3, worth, place + stride * 3, isAdded)
        }
      }
      left = right + panel
      line += stride << 3
    }
    weights = block
  }
}
