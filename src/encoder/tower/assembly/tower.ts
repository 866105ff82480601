/**
 * The layers of a vision transformer whose weights have 7 bits and whose activations have 8, one range a row.
 * Memory belongs to the caller: every function works on addresses it is given. Whole numbers are multiplied exactly, and
 * floats with the same operations in the same order, so that every engine and processor computes the same bits.
 */

export { packWeights } from './layers/pack'
export { gatherPatches } from './layers/patches'
export { quantizeRows, quantizeWithin } from './layers/quantize'
export { normalizeRows, normalizeAndQuantize } from './layers/normalize'
export { activateAndQuantize } from './layers/activate'
export { multiply } from './layers/multiply'
export { prepareHead, attend } from './layers/attend'
export { poolTokens } from './layers/pool'
