import { constant, keepConstant } from './constants'
import { shiftLanes, unshiftLanes } from './rounding'

// @ts-ignore: decorator
@inline const LEAST: usize = 1
keepConstant(LEAST, -126)
/** 2^f = C0 + C1 f + ... for |f| <= 1/2, off by 2.6e-6 of it at most: a least-squares fit, weighted until even (Lawson). */
// @ts-ignore: decorator
@inline const C0: usize = 2, C1: usize = 3, C2: usize = 4, C3: usize = 5, C4: usize = 6
keepConstant(C0, 0.999999261)
keepConstant(C1, 0.693121815)
keepConstant(C2, 0.240247449)
keepConstant(C3, 0.0559178601)
keepConstant(C4, 0.00957009895)

/**
 * 2^x of four floats of at most 0; those below -126 are taken for it. x = n + f, |f| <= 1/2; the exponent of 2^f is
 * added to. Multiplications and additions are rounded one by one, so that every processor gives the same.
 */
// @ts-ignore: decorator
@inline export function powerOfTwo(x: v128): v128 {
  const clamped = f32x4.pmax(constant(LEAST), x)
  const shifted = shiftLanes(clamped)
  const f = f32x4.sub(clamped, unshiftLanes(shifted))
  let p = constant(C4)
  p = f32x4.add(f32x4.mul(p, f), constant(C3))
  p = f32x4.add(f32x4.mul(p, f), constant(C2))
  p = f32x4.add(f32x4.mul(p, f), constant(C1))
  p = f32x4.add(f32x4.mul(p, f), constant(C0))
  return i32x4.add(p, i32x4.shl(shifted, 23))
}
