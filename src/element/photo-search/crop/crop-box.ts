import type { CropBox } from '../../../types.js'

/** All coordinates are fractions of the picture's width and height. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** A corner of a box: 0 is left or top, 1 right or bottom. */
export interface Corner {
  readonly x: 0 | 1
  readonly y: 0 | 1
}

export const wholePicture: CropBox = { x: 0, y: 0, width: 1, height: 1 }

export function isWholePicture({ width, height }: CropBox): boolean {
  return width > 0.999 && height > 0.999
}

/** The box moved by `by`, as far as the picture goes. */
export function moveBox(box: CropBox, by: Point): CropBox {
  return {
    ...box,
    x: clamp(box.x + by.x, 0, 1 - box.width),
    y: clamp(box.y + by.y, 0, 1 - box.height),
  }
}

/** The box with one corner moved; the opposite one stays. It stays in the picture and no smaller than `least`. */
export function moveCorner(box: CropBox, corner: Corner, by: Point, least: Size): CropBox {
  const [x, width] = moveEnd(box.x, box.width, corner.x, by.x, least.width)
  const [y, height] = moveEnd(box.y, box.height, corner.y, by.y, least.height)
  return { x, y, width, height }
}

/** The box that a pinch makes: `factor` times as large, what was under `from` now under `to`. */
export function pinchBox(box: CropBox, factor: number, from: Point, to: Point, least: Size): CropBox {
  const [x, width] = pinch(box.x, box.width, factor, from.x, to.x, least.width)
  const [y, height] = pinch(box.y, box.height, factor, from.y, to.y, least.height)
  return { x, y, width, height }
}

/** The box that a drag draws from one point to another. */
export function boxBetween(from: Point, to: Point, least: Size): CropBox {
  const [x, width] = between(from.x, to.x, least.width)
  const [y, height] = between(from.y, to.y, least.height)
  return { x, y, width, height }
}

/** The box moved so that a point is in its middle, as nearly as the picture allows. */
export function centerBox(box: CropBox, point: Point): CropBox {
  return moveBox(box, { x: point.x - box.x - box.width / 2, y: point.y - box.y - box.height / 2 })
}

function moveEnd(start: number, length: number, end: 0 | 1, by: number, least: number): [number, number] {
  const stop = start + length
  if (end === 1) return [start, clamp(stop + by, Math.min(1, start + least), 1) - start]
  const moved = clamp(start + by, 0, Math.max(0, stop - least))
  return [moved, stop - moved]
}

function pinch(
  start: number,
  length: number,
  factor: number,
  from: number,
  to: number,
  least: number,
): [number, number] {
  const pinched = clamp(length * factor, Math.min(least, 1), 1)
  return [clamp(to - ((from - start) * pinched) / length, 0, 1 - pinched), pinched]
}

function between(from: number, to: number, least: number): [number, number] {
  const first = clamp(Math.min(from, to), 0, 1)
  const length = Math.max(clamp(Math.max(from, to), 0, 1) - first, Math.min(least, 1))
  return [Math.min(first, 1 - length), length]
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
