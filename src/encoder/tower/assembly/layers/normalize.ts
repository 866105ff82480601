import { largestLane, leastLane, sumOfLanes } from '../arithmetic/lanes'
import { Form } from './form'
import { quantizeRow } from './quantize'

/** Mean of a row of `length` floats. */
// @ts-ignore: decorator
@inline function meanOf(from: usize, length: i32): f32 {
  const end = from + (<usize>length << 2)
  let sum = f32x4.splat(0)
  for (let at = from; at < end; at += 16) sum = f32x4.add(sum, v128.load(at))
  return sumOfLanes(sum) / <f32>length
}

/** 1 / standard deviation. */
// @ts-ignore: decorator
@inline function factorOf(from: usize, length: i32, mean: f32, epsilon: f32): f32 {
  const end = from + (<usize>length << 2)
  const means = f32x4.splat(mean)
  let squares = f32x4.splat(0)
  for (let at = from; at < end; at += 16) {
    const difference = f32x4.sub(v128.load(at), means)
    squares = f32x4.add(squares, f32x4.mul(difference, difference))
  }
  return <f32>1 / sqrt<f32>(sumOfLanes(squares) / <f32>length + epsilon)
}

/** Four normalised floats; `gains` has gains and, `bytes` behind them, shifts. */
// @ts-ignore: decorator
@inline function normalized(x: v128, means: v128, factors: v128, gains: usize, bytes: usize): v128 {
  const standard = f32x4.mul(f32x4.sub(x, means), factors)
  return f32x4.add(f32x4.mul(standard, v128.load(gains)), v128.load(gains + bytes))
}

/** Layer norm of rows `first` up to, and without, `last`; `gains` has `length` gains and as many shifts behind them. */
export function normalizeRows(
  from: usize, length: i32, first: i32, last: i32, gains: usize, epsilon: f32, to: usize,
): void {
  const bytes = <usize>length << 2
  for (let row = first; row < last; row++) {
    const start = from + <usize>row * bytes
    const mean = meanOf(start, length)
    const means = f32x4.splat(mean)
    const factors = f32x4.splat(factorOf(start, length, mean, epsilon))
    const place = to + <usize>row * bytes
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(place + at, normalized(v128.load(start + at), means, factors, gains + at, bytes))
    }
  }
}

/** Layer norm, quantised. `room` is for one row. */
export function normalizeAndQuantize(
  from: usize, length: i32, first: i32, last: i32, gains: usize, epsilon: f32,
  room: usize, panels: usize, rows: usize, form: Form,
): void {
  const bytes = <usize>length << 2
  for (let row = first; row < last; row++) {
    const start = from + <usize>row * bytes
    const mean = meanOf(start, length)
    const means = f32x4.splat(mean)
    const factors = f32x4.splat(factorOf(start, length, mean, epsilon))
    let least = f32x4.splat(Infinity)
    let largest = f32x4.splat(-Infinity)
    for (let at: usize = 0; at < bytes; at += 16) {
      const y = normalized(v128.load(start + at), means, factors, gains + at, bytes)
      v128.store(room + at, y)
      least = f32x4.pmin(least, y)
      largest = f32x4.pmax(largest, y)
    }
    quantizeRow(room, length, row, panels, rows, leastLane(least), largestLane(largest), form)
  }
}
