/**
 * The two passes of Pillow's 8-bit resampling, and compositing on white, over pixels of four bytes.
 * Memory belongs to the caller: every function works on addresses it is given.
 *
 * A 22-bit weight does not fit the 16-bit lanes of `i32x4.dot_i16x8_s`, so it is split into a low part of 15 bits
 * and a signed high part; both sums are exact, and so is `(high << 15) + low`. Weights come in pairs, for two
 * neighbouring pixels: four 16-bit numbers, low0 low1 high0 high1. See `bicubic-weights.ts`.
 */

// @ts-ignore: decorator
@inline const ROUND: i32 = 1 << 21

/** Rounds four sums of weighted bytes to 32-bit levels, not yet clipped. */
// @ts-ignore: decorator
@inline function level(low: v128, high: v128): v128 {
  return i32x4.shr_s(i32x4.add(low, i32x4.shl(high, 15)), 22)
}

/** Spreads pixels 0 and 1 of four to 16-bit lanes r0 r1 g0 g1 b0 b1 a0 a1. */
// @ts-ignore: decorator
@inline function firstPair(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i64x2.splat(0), 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16)
}

/** Spreads pixels 2 and 3 of four in the same way. */
// @ts-ignore: decorator
@inline function secondPair(pixels: v128): v128 {
  return i8x16.shuffle(pixels, i64x2.splat(0), 8, 16, 12, 16, 9, 16, 13, 16, 10, 16, 14, 16, 11, 16, 15, 16)
}

/** Turns the pairs of four rows into three vectors by channel, one 32-bit lane a row; the fourth channel is dropped. */
// @ts-ignore: decorator
@inline function storeByChannel(planes: usize, row0: v128, row1: v128, row2: v128, row3: v128): void {
  const upper01 = i32x4.shuffle(row0, row1, 0, 4, 1, 5)
  const upper23 = i32x4.shuffle(row2, row3, 0, 4, 1, 5)
  v128.store(planes, i64x2.shuffle(upper01, upper23, 0, 2))
  v128.store(planes, i64x2.shuffle(upper01, upper23, 1, 3), 16)
  const lower01 = i32x4.shuffle(row0, row1, 2, 6, 3, 7)
  const lower23 = i32x4.shuffle(row2, row3, 2, 6, 3, 7)
  v128.store(planes, i64x2.shuffle(lower01, lower23, 0, 2), 32)
}

/** Splits four rows of `width` pixels by channel into `planes`, 48 bytes for each pair of pixels. */
// @ts-ignore: decorator
@inline function splitChannels(source: usize, stride: usize, width: i32, planes: usize): void {
  const end = source + (<usize>width << 2)
  for (; source < end; source += 16) {
    const row0 = v128.load(source)
    const row1 = v128.load(source + stride)
    const row2 = v128.load(source + stride * 2)
    const row3 = v128.load(source + stride * 3)
    storeByChannel(planes, firstPair(row0), firstPair(row1), firstPair(row2), firstPair(row3))
    storeByChannel(planes + 48, secondPair(row0), secondPair(row1), secondPair(row2), secondPair(row3))
    planes += 96
  }
}

/**
 * Horizontal pass over `rows` rows of `width` pixels, a multiple of four rows: output pixel x is the weighted sum
 * of `pairs` pairs of source pixels from `starts[x]`, an even number, on. The fourth byte of an output pixel is 0.
 * `planes` is room for four rows split by channel: 24 bytes a pixel, and as much again for `pairs` pairs.
 */
export function resampleRows(
  source: usize, width: i32, rows: i32,
  starts: usize, weights: usize, pairs: i32, outputs: i32,
  destination: usize, destinationStride: usize, planes: usize,
): void {
  const stride = <usize>width << 2
  for (let row = 0; row < rows; row += 4) {
    splitChannels(source, stride, width, planes)
    let weight = weights
    for (let x = 0; x < outputs; x++) {
      let plane = planes + <usize>load<u32>(starts + (<usize>x << 2)) * 24
      let low0 = i32x4.splat(ROUND), low1 = low0, low2 = low0
      let high0 = i32x4.splat(0), high1 = high0, high2 = high0
      const end = weight + (<usize>pairs << 3)
      for (; weight < end; weight += 8) {
        const low = v128.load32_splat(weight)
        const high = v128.load32_splat(weight, 4)
        let pair = v128.load(plane)
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pair, low))
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(pair, high))
        pair = v128.load(plane, 16)
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pair, low))
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(pair, high))
        pair = v128.load(plane, 32)
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pair, low))
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(pair, high))
        plane += 48
      }
      const channels = i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(level(low0, high0), level(low1, high1)),
        i16x8.narrow_i32x4_s(level(low2, high2), i32x4.splat(0)),
      )
      const pixels = i8x16.shuffle(channels, channels, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)
      const out = destination + (<usize>x << 2)
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
 * `stride` is the length of a row of both images in bytes. Rows are worked on 16 bytes at a time: up to 12 bytes
 * behind the last row are written, and as many behind any other row until the next one is.
 */
export function resampleColumns(
  source: usize, stride: usize,
  starts: usize, weights: usize, pairs: i32, outputs: i32,
  destination: usize,
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
    destination += stride
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
