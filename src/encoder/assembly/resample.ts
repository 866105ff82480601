/**
 * The two passes of Pillow's 8-bit resampling over pixels of four bytes, compositing those on white, and making them of
 * a JPEG's planes.
 * Memory belongs to the caller: every function works on addresses it is given.
 *
 * A 22-bit weight does not fit the 16-bit lanes of `i32x4.dot_i16x8_s`, so it is split into a low part of 15 bits
 * and a signed high part; both sums are exact, and so is `(high << 15) + low`. Weights come in pairs, for two
 * neighbouring pixels: four 16-bit numbers, low0 low1 high0 high1. See `filter-weights.ts`.
 */

export { upsampleChroma } from './ycbcr/upsample-chroma'
export { ycbcrToRgb } from './ycbcr/to-rgb'

// @ts-ignore: decorator
@inline const ROUND: i32 = 1 << 21

/** Rounds four sums of weighted bytes to 32-bit levels, not yet clipped. */
// @ts-ignore: decorator
@inline function level(low: v128, high: v128): v128 {
  return i32x4.shr_s(i32x4.add(low, i32x4.shl(high, 15)), 22)
}

/** Puts the channels of four pixels beside each other, two pixels at a time: r0 r1 g0 g1 b0 b1 a0 a1 r2 r3 ... */
// @ts-ignore: decorator
@inline function pairChannels(pixels: v128): v128 {
  return i8x16.shuffle(pixels, pixels, 0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15)
}

/**
 * Splits four rows of `width` pixels by channel into `planes`, 24 bytes for each pair of pixels: eight bytes a
 * channel, two a row. The fourth channel is dropped: what is stored of it is overwritten by the next pair.
 */
// @ts-ignore: decorator
@inline function splitChannels(source: usize, stride: usize, width: i32, planes: usize): void {
  const end = source + (<usize>width << 2)
  for (; source < end; source += 16) {
    const row0 = pairChannels(v128.load(source))
    const row1 = pairChannels(v128.load(source + stride))
    const row2 = pairChannels(v128.load(source + stride * 2))
    const row3 = pairChannels(v128.load(source + stride * 3))
    const first01 = i16x8.shuffle(row0, row1, 0, 8, 1, 9, 2, 10, 3, 11)
    const first23 = i16x8.shuffle(row2, row3, 0, 8, 1, 9, 2, 10, 3, 11)
    v128.store(planes, i32x4.shuffle(first01, first23, 0, 4, 1, 5))
    v128.store(planes, i32x4.shuffle(first01, first23, 2, 6, 3, 7), 16)
    const second01 = i16x8.shuffle(row0, row1, 4, 12, 5, 13, 6, 14, 7, 15)
    const second23 = i16x8.shuffle(row2, row3, 4, 12, 5, 13, 6, 14, 7, 15)
    v128.store(planes, i32x4.shuffle(second01, second23, 0, 4, 1, 5), 24)
    v128.store(planes, i32x4.shuffle(second01, second23, 2, 6, 3, 7), 40)
    planes += 48
  }
}

/**
 * Horizontal pass over `rows` rows of `width` pixels, a multiple of four rows: output pixel x is the weighted sum
 * of `pairs` pairs of source pixels from `starts[x]`, an even number, on. Output pixels have three bytes, in the
 * order red, green, blue; `isBgr` says that source pixels have the other one. A byte behind a row is overwritten.
 * `planes` is room for four rows split by channel: 12 bytes a pixel, as much again for `pairs` pairs, and 8.
 */
export function resampleRows(
  source: usize, width: i32, rows: i32,
  starts: usize, weights: usize, pairs: i32, outputs: i32,
  destination: usize, destinationStride: usize, planes: usize, isBgr: bool,
): void {
  const order = isBgr
    ? i8x16(8, 4, 0, 12, 9, 5, 1, 13, 10, 6, 2, 14, 11, 7, 3, 15)
    : i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)
  const stride = <usize>width << 2
  for (let row = 0; row < rows; row += 4) {
    splitChannels(source, stride, width, planes)
    let weight = weights
    for (let x = 0; x < outputs; x++) {
      let plane = planes + <usize>load<u32>(starts + (<usize>x << 2)) * 12
      let low0 = i32x4.splat(ROUND), low1 = low0, low2 = low0
      let high0 = i32x4.splat(0), high1 = high0, high2 = high0
      const end = weight + (<usize>pairs << 3)
      for (; weight < end; weight += 8) {
        const low = v128.load32_splat(weight)
        const high = v128.load32_splat(weight, 4)
        let pair = v128.load8x8_u(plane)
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pair, low))
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(pair, high))
        pair = v128.load8x8_u(plane, 8)
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pair, low))
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(pair, high))
        pair = v128.load8x8_u(plane, 16)
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pair, low))
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(pair, high))
        plane += 24
      }
      const channels = i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(level(low0, high0), level(low1, high1)),
        i16x8.narrow_i32x4_s(level(low2, high2), i32x4.splat(0)),
      )
      const pixels = i8x16.swizzle(channels, order)
      const out = destination + <usize>x * 3
      v128.store32_lane(out, pixels, 0)
      v128.store32_lane(out + destinationStride, pixels, 1)
      v128.store32_lane(out + destinationStride * 2, pixels, 2)
      v128.store32_lane(out + destinationStride * 3, pixels, 3)
    }
    source += stride * 4
    destination += destinationStride * 4
  }
}

/**
 * Vertical pass: output row y is the weighted sum of `pairs` pairs of source rows from `starts[y]` on.
 * `stride` is the length of a source row in bytes. Rows are worked on 16 bytes at a time: up to 15 bytes are written
 * behind each output row.
 */
export function resampleColumns(
  source: usize, stride: usize,
  starts: usize, weights: usize, pairs: i32, outputs: i32,
  destination: usize, destinationStride: usize,
): void {
  const weightsPerRow = <usize>pairs << 3
  for (let y = 0; y < outputs; y++) {
    const first = source + <usize>load<u32>(starts + (<usize>y << 2)) * stride
    const end = weights + weightsPerRow
    for (let x: usize = 0; x < stride; x += 16) {
      let upper = first + x
      let low0 = i32x4.splat(ROUND), low1 = low0, low2 = low0, low3 = low0
      let high0 = i32x4.splat(0), high1 = high0, high2 = high0, high3 = high0
      for (let weight = weights; weight < end; weight += 8) {
        const low = v128.load32_splat(weight)
        const high = v128.load32_splat(weight, 4)
        const above = v128.load(upper)
        const below = v128.load(upper + stride)
        const left = i8x16.shuffle(above, below, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
        const right = i8x16.shuffle(above, below, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
        let pair = i16x8.extend_low_i8x16_u(left)
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pair, low))
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(pair, high))
        pair = i16x8.extend_high_i8x16_u(left)
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pair, low))
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(pair, high))
        pair = i16x8.extend_low_i8x16_u(right)
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pair, low))
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(pair, high))
        pair = i16x8.extend_high_i8x16_u(right)
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(pair, low))
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(pair, high))
        upper += stride * 2
      }
      v128.store(destination + x, i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(level(low0, high0), level(low1, high1)),
        i16x8.narrow_i32x4_s(level(low2, high2), level(low3, high3)),
      ))
    }
    weights = end
    destination += destinationStride
  }
}

/** round((colour * alpha + 255 * (255 - alpha)) / 255), as Pillow rounds it, for two pixels in 16-bit lanes. */
// @ts-ignore: decorator
@inline function overWhite(pixels: v128): v128 {
  const alpha = i8x16.shuffle(pixels, pixels, 6, 7, 6, 7, 6, 7, 6, 7, 14, 15, 14, 15, 14, 15, 14, 15)
  // 255 * 255 - (255 - colour) * alpha + 128 is at most 65153: it fits 16 bits, unsigned
  const scaled = i16x8.sub(
    i16x8.splat(<i16>(255 * 255 + 128)),
    i16x8.mul(i16x8.sub(i16x8.splat(255), pixels), alpha),
  )
  return i16x8.shr_u(i16x8.add(scaled, i16x8.shr_u(scaled, 8)), 8)
}

/** Replaces `pixels` pixels, a multiple of four, alpha last and not premultiplied, by themselves on white. */
export function compositeOnWhite(address: usize, pixels: i32): void {
  const end = address + (<usize>pixels << 2)
  for (; address < end; address += 16) {
    const four = v128.load(address)
    v128.store(address, i8x16.narrow_i16x8_u(
      overWhite(i16x8.extend_low_i8x16_u(four)),
      overWhite(i16x8.extend_high_i8x16_u(four)),
    ))
  }
}
