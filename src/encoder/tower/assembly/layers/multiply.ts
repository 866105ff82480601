import { multiplyTiles, Products } from './tiles'

/** 16-bit activations times 8-bit weights, as engines without relaxed SIMD multiply. */
export function multiply(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  multiplyTiles(Products.wordsByBytes, panels, rows, first, last, inputs, weights, channels, outputs, to, stride, isAdded)
}

/** The shares of tokens times their values, both of 16 bits. */
export function multiplyWords(
  panels: usize, rows: usize, first: i32, last: i32, inputs: i32,
  weights: usize, channels: usize, outputs: i32, to: usize, stride: usize, isAdded: bool,
): void {
  multiplyTiles(Products.words, panels, rows, first, last, inputs, weights, channels, outputs, to, stride, isAdded)
}
