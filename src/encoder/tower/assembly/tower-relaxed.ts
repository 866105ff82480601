/**
 * `multiply` of `tower.ts` with the relaxed dot product of signed bytes and bytes of 7 bits, which is the same on every
 * engine for these; so are the sums. Works on the memory of `tower.ts`.
 */
import { multiplyTiles, Products } from './layers/tiles'

export function multiplyByPairs(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  multiplyTiles(Products.pairs, panels, rows, first, last, inputs, weights, channels, outputs, to, stride, isAdded)
}

export function multiplyByDots(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  multiplyTiles(Products.dots, panels, rows, first, last, inputs, weights, channels, outputs, to, stride, isAdded)
}

/** What tells processors apart: the first dot product with bytes that are no 7 bits, which is theirs to define. */
export function probe(): i32 {
  const dot = i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(127), i8x16.splat(-1), i32x4.splat(0))
  return i32x4.extract_lane(dot, 0)
}
