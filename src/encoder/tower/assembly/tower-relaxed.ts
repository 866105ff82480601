/**
 * `multiply` of `tower.ts` with the relaxed dot products, on its memory. That of signed bytes and bytes of 7 bits is the same
 * on every engine. Pairs have 8 bits and no sign, as x86 takes them; `probePairs` tells where they are so taken.
 */
import { multiplyBlocks } from './layers/multiply-blocks'
import { multiplyTiles, Products } from './layers/tiles'

export function multiplyByPairs(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  multiplyBlocks(panels, rows, first, last, inputs, weights, channels, outputs, to, stride, isAdded)
}

export function multiplyByDots(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  multiplyTiles(Products.dots, panels, rows, first, last, inputs, weights, channels, outputs, to, stride, isAdded)
}

/** Two products of a weight and a byte. They are given: of constants the compiler makes one, as if both had a sign. */
export function probePairs(weight: i32, byte: i32): i32 {
  return i16x8.extract_lane_s(i16x8.relaxed_dot_i8x16_i7x16_s(i8x16.splat(<i8>weight), i8x16.splat(<i8>byte)), 0)
}

/** What tells processors apart: the first dot product with bytes that are no 7 bits, which is theirs to define. */
export function probe(): i32 {
  const dot = i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(127), i8x16.splat(-1), i32x4.splat(0))
  return i32x4.extract_lane(dot, 0)
}
