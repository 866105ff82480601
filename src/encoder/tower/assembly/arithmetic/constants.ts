/**
 * Constants of vectors, which are read from memory: V8 makes a vector constant of the code anew, in three or four
 * instructions, wherever it is used.
 */
const TABLE: usize = memory.data(16 * 20, 16)

/** Keeps a float, four times, as constant `place`. Each is kept once, when the module starts. */
// @ts-ignore: decorator
@inline export function keepConstant(place: usize, value: f32): void {
  v128.store(TABLE + (place << 4), f32x4.splat(value))
}

// @ts-ignore: decorator
@inline export function constant(place: usize): v128 {
  return v128.load(TABLE + (place << 4))
}
