import { largestLane, leastLane, sumOfWholeLanes } from '../arithmetic/lanes'
import { roundLanesToSigned } from '../arithmetic/rounding'
import { Form } from './form'
import { storeRowWorth } from './worth'

/** 0 to 255 in f32, then -128 to 127. */
// @ts-ignore: decorator
@inline const LEVELS: f32 = 255.0

/**
 * Writes row `row` of `length` floats, a multiple of four, as 8-bit integers, one range a row. Four rows make a panel,
 * in which numbers that are multiplied together stand together: see `form.ts`.
 */
// @ts-ignore: decorator
@inline export function quantizeRow(
  from: usize, length: i32, row: i32, panels: usize, rows: usize, least: f32, largest: f32, form: Form,
): void {
  const range = largest - least
  const scale = range / LEVELS
  const inverse = range > 0 ? LEVELS / range : <f32>0
  const factor = f32x4.splat(inverse)
  const start = f32x4.splat(least)
  // 128 more is the other sign.
  const shift = i8x16.splat(form == Form.pairs ? -128 : 0)
  let sum = i32x4.splat(0)
  const end = from + (<usize>length << 2)
  let to = panels + <usize>(row >> 2) * (<usize>length << (form == Form.words ? 3 : 2)) + (<usize>(row & 3) << 2)
  for (; from < end; from += 16) {
    const levels = roundLanesToSigned(f32x4.mul(f32x4.sub(v128.load(from), start), factor))
    sum = i32x4.add(sum, levels)
    const narrow = i16x8.narrow_i32x4_s(levels, levels)
    if (form == Form.words) {
      v128.store32_lane(to, narrow, 0)
      v128.store32_lane(to, narrow, 1, 16)
      to += 32
    } else {
      v128.store32_lane(to, v128.xor(i8x16.narrow_i16x8_s(narrow, narrow), shift), 0)
      to += 16
    }
  }
  storeRowWorth(rows, row, scale, least + <f32>128 * scale, -63 * sumOfWholeLanes(sum))
}

/** Quantises rows `first` up to, and without, `last`, which are `stride` bytes apart. */
export function quantizeRows(
  from: usize, stride: usize, length: i32, first: i32, last: i32, panels: usize, rows: usize, form: Form,
): void {
  for (let row = first; row < last; row++) {
    const start = from + <usize>row * stride
    const end = start + (<usize>length << 2)
    let least = v128.load(start)
    let largest = least
    for (let at = start + 16; at < end; at += 16) {
      const x = v128.load(at)
      least = f32x4.pmin(least, x)
      largest = f32x4.pmax(largest, x)
    }
    quantizeRow(start, length, row, panels, rows, leastLane(least), largestLane(largest), form)
  }
}

/** The same of rows that follow each other, with a range that is known. */
export function quantizeWithin(
  from: usize, length: i32, first: i32, last: i32, panels: usize, rows: usize, least: f32, largest: f32, form: Form,
): void {
  for (let row = first; row < last; row++) {
    quantizeRow(from + <usize>row * (<usize>length << 2), length, row, panels, rows, least, largest, form)
  }
}
