/**
 * `multiply` of `tower.ts` with the relaxed dot product of signed bytes and bytes of 7 bits, which is the same on every
 * engine for these; so are the sums. Works on the memory of `tower.ts`.
 */
import { CHANNELS_BYTES, correction, finish } from './layers/finish'

/**
 * For x86 without VNNI: pairs of products, one instruction, are added up by another. That it multiplies with 1 is left to
 * the engine, which keeps its ones in memory; V8 makes a constant of the code anew in every step, in three instructions.
 */
export function multiplyByPairs(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, isAdded: bool,
): void {
  const stride = <usize>outputs << 2
  const bytes = <usize>inputs << 3
  for (let output = 0; output < outputs; output += 8) {
    let x = panels + <usize>first * <usize>inputs
    const end = weights + bytes
    for (let row = first; row < last; row += 4) {
      let a0 = correction(rows, row), b0 = correction(rows, row + 1)
      let c0 = correction(rows, row + 2), d0 = correction(rows, row + 3)
      let a1 = a0, b1 = b0, c1 = c0, d1 = d0
      for (let w = weights; w < end; w += 32) {
        const w0 = v128.load(w)
        const w1 = v128.load(w, 16)
        const a = v128.load32_splat(x)
        a0 = i32x4.add(a0, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(a, w0)))
        a1 = i32x4.add(a1, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(a, w1)))
        const b = v128.load32_splat(x, 4)
        b0 = i32x4.add(b0, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(b, w0)))
        b1 = i32x4.add(b1, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(b, w1)))
        const c = v128.load32_splat(x, 8)
        c0 = i32x4.add(c0, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(c, w0)))
        c1 = i32x4.add(c1, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(c, w1)))
        const d = v128.load32_splat(x, 12)
        d0 = i32x4.add(d0, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(d, w0)))
        d1 = i32x4.add(d1, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(d, w1)))
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

/** For ARM and for x86 with VNNI, which add up four products in one instruction. */
export function multiplyByDots(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, isAdded: bool,
): void {
  const stride = <usize>outputs << 2
  const bytes = <usize>inputs << 3
  for (let output = 0; output < outputs; output += 8) {
    let x = panels + <usize>first * <usize>inputs
    const end = weights + bytes
    for (let row = first; row < last; row += 4) {
      let a0 = correction(rows, row), b0 = correction(rows, row + 1)
      let c0 = correction(rows, row + 2), d0 = correction(rows, row + 3)
      let a1 = a0, b1 = b0, c1 = c0, d1 = d0
      for (let w = weights; w < end; w += 32) {
        const w0 = v128.load(w)
        const w1 = v128.load(w, 16)
        const a = v128.load32_splat(x)
        a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(a, w0, a0)
        a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(a, w1, a1)
        const b = v128.load32_splat(x, 4)
        b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(b, w0, b0)
        b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(b, w1, b1)
        const c = v128.load32_splat(x, 8)
        c0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(c, w0, c0)
        c1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(c, w1, c1)
        const d = v128.load32_splat(x, 12)
        d0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(d, w0, d0)
        d1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(d, w1, d1)
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

/** What tells processors apart: the first dot product with bytes that are no 7 bits, which is theirs to define. */
export function probe(): i32 {
  const dot = i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(127), i8x16.splat(-1), i32x4.splat(0))
  return i32x4.extract_lane(dot, 0)
}
