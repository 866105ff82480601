import { exp } from '../arithmetic/exp'
import { largestLane, leastLane } from '../arithmetic/lanes'
import { quantizeRow } from './quantize'

/** -2 sqrt(2 / pi) */
// @ts-ignore: decorator
@inline const FACTOR: f32 = -1.5957691216057308

/** `gelu_pytorch_tanh`: x/2 (1 + tanh(u)) = x / (1 + e^-2u), u = sqrt(2/pi) (x + 0.044715 x^3). */
// @ts-ignore: decorator
@inline function gelu(x: v128): v128 {
  const cubic = f32x4.mul(f32x4.mul(f32x4.mul(x, x), x), f32x4.splat(0.044715))
  const power = exp(f32x4.mul(f32x4.add(x, cubic), f32x4.splat(FACTOR)))
  return f32x4.div(x, f32x4.add(f32x4.splat(1.0), power))
}

/** GELU of rows `first` up to, and without, `last`, in place; quantised. */
export function activateAndQuantize(
  at: usize, length: i32, first: i32, last: i32, panels: usize, rows: usize, isWide: bool,
): void {
  const bytes = <usize>length << 2
  for (let row = first; row < last; row++) {
    const start = at + <usize>row * bytes
    let least = f32x4.splat(Infinity)
    let largest = f32x4.splat(-Infinity)
    for (let place = start; place < start + bytes; place += 16) {
      const y = gelu(v128.load(place))
      v128.store(place, y)
      least = f32x4.pmin(least, y)
      largest = f32x4.pmax(largest, y)
    }
    quantizeRow(start, length, row, panels, rows, leastLane(least), largestLane(largest), isWide)
  }
}
