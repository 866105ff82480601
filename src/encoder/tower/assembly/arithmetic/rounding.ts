import { constant, keepConstant } from './constants'

/** Added to a smaller float, of at most 22 bits, this leaves its nearest whole number in the lowest bits of the sum. */
// @ts-ignore: decorator
@inline const ROUNDING: usize = 0
keepConstant(ROUNDING, 12582912.0)
/** Its bits are those of ROUNDING and 128. */
// @ts-ignore: decorator
@inline const ROUNDING_AND_128: usize = 17
keepConstant(ROUNDING_AND_128, 12583040.0)

/** A float whose lowest bits are the nearest whole number to x, of two the even one; |x| < 2^22. */
// @ts-ignore: decorator
@inline export function shiftLanes(x: v128): v128 {
  return f32x4.add(x, constant(ROUNDING))
}

/** The float that such bits stand for. */
// @ts-ignore: decorator
@inline export function unshiftLanes(shifted: v128): v128 {
  return f32x4.sub(shifted, constant(ROUNDING))
}

/** The nearest whole numbers, of two the even one; |x| < 2^22. */
// @ts-ignore: decorator
@inline export function roundLanes(x: v128): v128 {
  return i32x4.sub(shiftLanes(x), constant(ROUNDING))
}

/** The same less 128: bytes with a sign of numbers from 0 to 255. */
// @ts-ignore: decorator
@inline export function roundLanesToSigned(x: v128): v128 {
  return i32x4.sub(shiftLanes(x), constant(ROUNDING_AND_128))
}
