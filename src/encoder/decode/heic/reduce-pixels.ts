import type { HeicPixels } from './decoder-module.js'

/**
 * Opaque pixels at a half, a quarter or an eighth of their size, each the mean of a square, as JPEGs are decoded at
 * reduced size.
 * @returns null where fewer than `enoughPixels` would be left.
 */
export function reducePixels(
  { width, height, data }: HeicPixels,
  enoughPixels: number,
): (HeicPixels & { data: Uint8Array<ArrayBuffer> }) | null {
  const divisor = [8, 4, 2].find((divisor) => (width * height) / divisor ** 2 >= enoughPixels)
  if (!divisor) return null
  const columns = Math.ceil(width / divisor)
  const rows = Math.ceil(height / divisor)
  const reduced = new Uint8Array(columns * rows * 4)
  const sums = new Uint32Array(columns * 4)
  for (let row = 0; row < rows; row++) {
    const top = row * divisor
    const bottom = Math.min(height, top + divisor)
    sums.fill(0)
    for (let y = top; y < bottom; y++) addRow(data, y * width * 4, width, divisor, sums)
    for (let column = 0; column < columns; column++) {
      const count = (bottom - top) * Math.min(divisor, width - column * divisor)
      for (let channel = 0; channel < 4; channel++) {
        const sum = sums[column * 4 + channel] as number
        reduced[(row * columns + column) * 4 + channel] = Math.round(sum / count)
      }
    }
  }
  return { width: columns, height: rows, data: reduced }
}

/** Adds the pixels of a row to the sums of the squares that they are in. */
function addRow(
  data: Uint8Array | Uint8ClampedArray,
  start: number,
  width: number,
  divisor: number,
  sums: Uint32Array,
): void {
  for (let x = 0, at = start; x < width; x++, at += 4) {
    const sum = Math.floor(x / divisor) * 4
    sums[sum] = (sums[sum] as number) + (data[at] as number)
    sums[sum + 1] = (sums[sum + 1] as number) + (data[at + 1] as number)
    sums[sum + 2] = (sums[sum + 2] as number) + (data[at + 2] as number)
    sums[sum + 3] = (sums[sum + 3] as number) + (data[at + 3] as number)
  }
}
