import { finish } from './finish'
import { CHANNELS_BYTES, ROW_BYTES } from './worth'

/** Which numbers are multiplied, and by which instructions. */
export const enum Products {
  /** 16-bit rows and 16-bit weights. */
  words,
  /** 16-bit rows and 8-bit weights. */
  wordsByBytes,
  /** 8-bit rows and 7-bit weights without a sign, for ARM and x86 with VNNI, which add up four products in one instruction. */
  dots,
}

/** The start of a sum: 63 times the row's sum is taken off again where weights have 63 too much. */
// @ts-ignore: decorator
@inline function startOf(products: Products, rows: usize, row: i32): v128 {
  if (products == Products.words || products == Products.wordsByBytes) return i32x4.splat(0)
  return v128.load32_splat(rows + <usize>row * ROW_BYTES, 8)
}

/** Adds the products of one part of a row with those of four channels. */
// @ts-ignore: decorator
@inline function add(products: Products, sum: v128, x: v128, w: v128): v128 {
  // Known when this is compiled: the other kernel must not have these instructions, not even where none uses them.
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (products == Products.dots) return i32x4.relaxed_dot_i8x16_i7x16_add_s(x, w, sum)
  }
  return i32x4.add(sum, i32x4.dot_i16x8_s(x, w))
}

/**
 * Rows `first` up to, and without, `last`, multiples of four, times a matrix: `outputs` floats a row, a multiple of
 * eight, in rows `stride` bytes apart from `to`, where row `first` begins. Of the weights, which are read once, eight
 * channels stay in the nearest cache while all rows pass. See `pack.ts` for the order that weights have, `quantize.ts` for
 * that of the rows.
 *
 * Four rows and eight channels at once keep eight sums, two parts of the weights and one of a row in registers, of
 * which x86 has sixteen.
 */
// @ts-ignore: decorator
@inline export function multiplyTiles(
  products: Products, panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  const isWide = products == Products.words || products == Products.wordsByBytes
  const bytes = <usize>inputs << (products == Products.words ? 4 : 3)
  const step: usize = products == Products.wordsByBytes ? 16 : 32
  for (let output = 0; output < outputs; output += 8) {
    let x = panels + <usize>first * (<usize>inputs << (isWide ? 1 : 0))
    let place = to + (<usize>output << 2)
    const end = weights + bytes
    for (let row = first; row < last; row += 4) {
      let a0 = startOf(products, rows, row), b0 = startOf(products, rows, row + 1)
      let c0 = startOf(products, rows, row + 2), d0 = startOf(products, rows, row + 3)
      let a1 = a0, b1 = b0, c1 = c0, d1 = d0
      for (let w = weights; w < end; w += step) {
        const w0 = products == Products.wordsByBytes ? v128.load8x8_s(w) : v128.load(w)
        const w1 = products == Products.wordsByBytes ? v128.load8x8_s(w, 8) : v128.load(w, 16)
        const a = v128.load32_splat(x)
        a0 = add(products, a0, a, w0)
        a1 = add(products, a1, a, w1)
        const b = v128.load32_splat(x, 4)
        b0 = add(products, b0, b, w0)
        b1 = add(products, b1, b, w1)
        const c = v128.load32_splat(x, 8)
        c0 = add(products, c0, c, w0)
        c1 = add(products, c1, c, w1)
        const d = v128.load32_splat(x, 12)
        d0 = add(products, d0, d, w0)
        d1 = add(products, d1, d, w1)
        x += 16
      }
      finish(a0, a1, rows, row, channels, place, isAdded)
      finish(b0, b1, rows, row + 1, channels, place + stride, isAdded)
      finish(c0, c1, rows, row + 2, channels, place + stride * 2, isAdded)
      finish(d0, d1, rows, row + 3, channels, place + stride * 3, isAdded)
      place += stride << 2
    }
    weights = end
    channels += CHANNELS_BYTES
  }
}
