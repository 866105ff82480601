/**
 * Converts a row of `pixels` pixels to RGB with the roundings of libjpeg (`ycc_rgb_convert` of its jdcolor.c):
 * what is added to the luma is an integer, rounded from 16 bits after the point. It fits 16-bit lanes once whole
 * multiples of the chroma are split off: `i16x8.q15mulr_sat_s` multiplies by a fraction of 2 ** 15 and rounds.
 * Pixels have four bytes; the fourth means nothing. Up to 15 are read and written behind the row.
 */
export function ycbcrToRgb(luma: usize, cb: usize, cr: usize, pixels: usize, target: usize): void {
  for (let pixel: usize = 0; pixel < pixels; pixel += 16) {
    const y = v128.load(luma + pixel)
    const blues = v128.load(cb + pixel)
    const reds = v128.load(cr + pixel)
    const yLow = i16x8.extend_low_i8x16_u(y)
    const yHigh = i16x8.extend_high_i8x16_u(y)
    const cbLow = centred(i16x8.extend_low_i8x16_u(blues))
    const cbHigh = centred(i16x8.extend_high_i8x16_u(blues))
    const crLow = centred(i16x8.extend_low_i8x16_u(reds))
    const crHigh = centred(i16x8.extend_high_i8x16_u(reds))

    const red = i8x16.narrow_i16x8_u(i16x8.add(yLow, redPart(crLow)), i16x8.add(yHigh, redPart(crHigh)))
    const green = i8x16.narrow_i16x8_u(
      i16x8.add(yLow, greenPart(cbLow, crLow)),
      i16x8.add(yHigh, greenPart(cbHigh, crHigh)),
    )
    const blue = i8x16.narrow_i16x8_u(i16x8.add(yLow, bluePart(cbLow)), i16x8.add(yHigh, bluePart(cbHigh)))

    const out = target + (pixel << 2)
    const redGreenLow = interleaveLow(red, green)
    const redGreenHigh = interleaveHigh(red, green)
    const blueLow = interleaveLow(blue, blue)
    const blueHigh = interleaveHigh(blue, blue)
    v128.store(out, i16x8.shuffle(redGreenLow, blueLow, 0, 8, 1, 9, 2, 10, 3, 11))
    v128.store(out, i16x8.shuffle(redGreenLow, blueLow, 4, 12, 5, 13, 6, 14, 7, 15), 16)
    v128.store(out, i16x8.shuffle(redGreenHigh, blueHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32)
    v128.store(out, i16x8.shuffle(redGreenHigh, blueHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48)
  }
}

// @ts-ignore: decorator
@inline function centred(chroma: v128): v128 {
  return i16x8.sub(chroma, i16x8.splat(128))
}

/** round(1.402 cr), which for all 256 values of cr is cr + round(13175 / 2 ** 15 * cr). */
// @ts-ignore: decorator
@inline function redPart(cr: v128): v128 {
  return i16x8.add(cr, i16x8.q15mulr_sat_s(cr, i16x8.splat(13175)))
}

/** round(1.772 cb): 1.772 is 116130 / 2 ** 16, which is 2 - 7471 / 2 ** 15. */
// @ts-ignore: decorator
@inline function bluePart(cb: v128): v128 {
  return i16x8.add(i16x8.add(cb, cb), i16x8.q15mulr_sat_s(cb, i16x8.splat(-7471)))
}

/** round(-0.34414 cb - 0.71414 cr): 0.34414 is 22554 / 2 ** 16 and 0.71414 is 46802 / 2 ** 16, or 1 - 9367 / 2 ** 15. */
// @ts-ignore: decorator
@inline function greenPart(cb: v128, cr: v128): v128 {
  const weights = i16x8(-11277, 9367, -11277, 9367, -11277, 9367, -11277, 9367)
  const half = i32x4.splat(1 << 14)
  const low = i32x4.dot_i16x8_s(i16x8.shuffle(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11), weights)
  const high = i32x4.dot_i16x8_s(i16x8.shuffle(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15), weights)
  const rounded = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, half), 15),
    i32x4.shr_s(i32x4.add(high, half), 15),
  )
  return i16x8.sub(rounded, cr)
}

// @ts-ignore: decorator
@inline function interleaveLow(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

// @ts-ignore: decorator
@inline function interleaveHigh(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}
