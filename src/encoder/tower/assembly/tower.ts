/**
 * The layers of a vision transformer whose weights have 7 bits and whose activations have 8, one range a row.
 * Memory belongs to the caller from `firstFree` on: every function works on addresses it is given. Whole numbers are multiplied exactly, and
 * floats with the same operations in the same order, so that every engine and processor computes the same bits.
 */

export { packWeights } from './layers/pack'
export { gatherPatches } from './layers/patches'
export { quantizeRows, quantizeWithin } from './layers/quantize'
export { normalizeRows, normalizeAndQuantize } from './layers/normalize'
export { activateAndQuantize } from './layers/activate'
export { multiply, multiplyWords } from './layers/multiply'
export { packKeys, packValues, shareTokens } from './layers/attend'
export { poolTokens } from './layers/pool'

/** The memory before it holds constants. */
export const firstFree: usize = __heap_base
