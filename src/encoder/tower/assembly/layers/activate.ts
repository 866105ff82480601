import { gelu } from '../arithmetic/gelu'
import { largestLane, leastLane } from '../arithmetic/lanes'
import { Form } from './form'
import { quantizeRow } from './quantize'

/** GELU of rows `first` up to, and without, `last`, in place; quantised. */
export function activateAndQuantize(
  at: usize, length: i32, first: i32, last: i32, panels: usize, rows: usize, form: Form,
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
    quantizeRow(start, length, row, panels, rows, leastLane(least), largestLane(largest), form)
  }
}
