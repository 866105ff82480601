import type { PixelRectangle, PixelSize } from './pixels.js'

/** How stored pixels become upright ones: turned clockwise by `rotation` degrees, then mirrored left to right. */
export interface Orientation {
  readonly rotation: 0 | 90 | 180 | 270
  readonly flip: boolean
}

/** The part of the stored picture, which has `stored` pixels, that becomes `area` of the upright one. */
export function storedArea(
  area: PixelRectangle,
  stored: PixelSize,
  orientation: Orientation,
): PixelRectangle {
  const locate = storedPosition(stored, orientation)
  const first = locate(area.x, area.y)
  const last = locate(area.x + area.width - 1, area.y + area.height - 1)
  return {
    x: Math.min(first.x, last.x),
    y: Math.min(first.y, last.y),
    width: Math.abs(first.x - last.x) + 1,
    height: Math.abs(first.y - last.y) + 1,
  }
}

/** Writes the upright form of `stored`, a picture of `size` pixels without gaps, to `upright`. */
export function turnUpright(
  stored: Uint32Array,
  size: PixelSize,
  orientation: Orientation,
  upright: Uint32Array,
): void {
  const locate = storedPosition(size, orientation)
  const index = (x: number, y: number) => locate(x, y).x + locate(x, y).y * size.width
  const width = isTransposed(orientation) ? size.height : size.width
  const stepX = index(1, 0) - index(0, 0)
  const stepY = index(0, 1) - index(0, 0)
  // block by block: columns become rows, and all of a strip does not stay in the first-level cache
  for (let left = 0; left < width; left += BLOCK) {
    const columns = Math.min(BLOCK, width - left)
    let rowStart = index(left, 0)
    for (let row = left; row < upright.length; row += width, rowStart += stepY) {
      for (let column = 0, read = rowStart; column < columns; column++, read += stepX) {
        upright[row + column] = stored[read] as number
      }
    }
  }
}

const BLOCK = 64

/** True when width and height change places. */
export function isTransposed({ rotation }: Orientation): boolean {
  return rotation === 90 || rotation === 270
}

/** Maps a position in the upright picture to the stored one; linear, so it may be asked about positions outside. */
function storedPosition({ width, height }: PixelSize, { rotation, flip }: Orientation) {
  const mirror = (isTransposed({ rotation, flip }) ? height : width) - 1
  return (x: number, y: number) => {
    const turned = flip ? mirror - x : x
    if (rotation === 90) return { x: y, y: height - 1 - turned }
    if (rotation === 180) return { x: width - 1 - turned, y: height - 1 - y }
    if (rotation === 270) return { x: width - 1 - y, y: turned }
    return { x: turned, y }
  }
}
