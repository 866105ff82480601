/** Added to a smaller float, of at most 22 bits, this leaves its nearest whole number in the lowest bits of the sum. */
// @ts-ignore: decorator
@inline const ROUNDING: f32 = 12582912.0

/**
 * e^x of four floats in -87..88, others are taken for the nearest of these; off by 2 units in the last place at most.
 * x = n ln 2 + r, |r| <= ln 2 / 2; e^r by Cephes' polynomial (Moshier, expf.c), whose exponent n is added to.
 * Multiplications and additions are rounded one by one, so that every processor gives the same.
 */
// @ts-ignore: decorator
@inline export function exp(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.splat(-87.0), f32x4.pmin(f32x4.splat(88.0), x))
  const shifted = f32x4.add(f32x4.mul(clamped, f32x4.splat(1.44269504088896341)), f32x4.splat(ROUNDING))
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDING))
  // ln 2 in two parts: the product of n and the first is exact.
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)))
  let p = f32x4.splat(1.9875691500e-4)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1))
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1.0))
  return i32x4.add(p, i32x4.shl(shifted, 23))
}
