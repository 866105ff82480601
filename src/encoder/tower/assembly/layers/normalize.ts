import { largestLane, leastLane, sumOfLanes } from '../arithmetic/lanes'
import { quantizeRow } from './quantize'

/** Layer norm of one row; `gains` has `length` gains and as many shifts behind them. Returns where the row ends. */
// @ts-ignore: decorator
@inline function normalizeRow(from: usize, length: i32, gains: usize, epsilon: f32, to: usize): void {
  const bytes = <usize>length << 2
  const end = from + bytes
  let sum = f32x4.splat(0)
  for (let at = from; at < end; at += 16) sum = f32x4.add(sum, v128.load(at))
  const mean = f32x4.splat(sumOfLanes(sum) / <f32>length)
  let squares = f32x4.splat(0)
  for (let at = from; at < end; at += 16) {
    const difference = f32x4.sub(v128.load(at), mean)
    squares = f32x4.add(squares, f32x4.mul(difference, difference))
  }
  const factor = f32x4.splat(<f32>1 / sqrt<f32>(sumOfLanes(squares) / <f32>length + epsilon))
  for (let at = from; at < end; at += 16) {
    const standard = f32x4.mul(f32x4.sub(v128.load(at), mean), factor)
    v128.store(to, f32x4.add(f32x4.mul(standard, v128.load(gains)), v128.load(gains + bytes)))
    gains += 16
    to += 16
  }
}

/** Layer norm of rows `first` up to, and without, `last`. */
export function normalizeRows(
  from: usize, length: i32, first: i32, last: i32, gains: usize, epsilon: f32, to: usize,
): void {
  const bytes = <usize>length << 2
  for (let row = first; row < last; row++) {
    normalizeRow(from + <usize>row * bytes, length, gains, epsilon, to + <usize>row * bytes)
  }
}

/** Layer norm, quantised. `room` is for one row. */
export function normalizeAndQuantize(
  from: usize, length: i32, first: i32, last: i32, gains: usize, epsilon: f32,
  room: usize, panels: usize, rows: usize, isWide: bool,
): void {
  const bytes = <usize>length << 2
  for (let row = first; row < last; row++) {
    normalizeRow(from + <usize>row * bytes, length, gains, epsilon, room)
    let least = v128.load(room)
    let largest = least
    for (let at: usize = 16; at < bytes; at += 16) {
      const x = v128.load(room + at)
      least = f32x4.pmin(least, x)
      largest = f32x4.pmax(largest, x)
    }
    quantizeRow(room, length, row, panels, rows, leastLane(least), largestLane(largest), isWide)
  }
}
