import { CHANNELS_BYTES, finish } from './finish'

/**
 * Rows `first` up to, and without, `last`, multiples of four, times a matrix of 7-bit weights: `outputs` floats a row,
 * a multiple of eight. Of the weights, which are read once, eight channels stay in the nearest cache while all rows
 * pass. See `pack.ts` for the order that weights have, `quantize.ts` for that of the rows.
 *
 * Four rows and eight channels at once keep eight sums, two parts of the weights and one of a row in registers, of which
 * x86 has sixteen.
 */
export function multiply(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, isAdded: bool,
): void {
  const stride = <usize>outputs << 2
  const bytes = <usize>inputs << 3
  for (let output = 0; output < outputs; output += 8) {
    let x = panels + <usize>first * (<usize>inputs << 1)
    const end = weights + bytes
    for (let row = first; row < last; row += 4) {
      const zero = i32x4.splat(0)
      let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero
      for (let w = weights; w < end; w += 16) {
        const w0 = v128.load8x8_s(w)
        const w1 = v128.load8x8_s(w, 8)
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
      const place = to + <usize>row * stride + (<usize>output << 2)
      finish(a0, a1, rows, row, channels, place, isAdded)
      finish(b0, b1, rows, row + 1, channels, place + stride, isAdded)
      finish(c0, c1, rows, row + 2, channels, place + stride * 2, isAdded)
      finish(d0, d1, rows, row + 3, channels, place + stride * 3, isAdded)
    }
    weights = end
    channels += CHANNELS_BYTES
  }
}
