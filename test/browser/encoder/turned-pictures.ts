import { readFileSync } from 'node:fs'
import { turnedPicture } from '../../fixtures/turned-picture.js'
import { expect, type Shop } from '../harness.js'

const upright = readFileSync(new URL('../../fixtures/reference/orientation/upright.png', import.meta.url))

/** Serves the upright picture in three formats and all eight orientations, and returns the paths. */
export async function writeTurnedPictures(shop: Shop): Promise<readonly string[]> {
  const paths: string[] = []
  for (const format of ['webp', 'png', 'avif'] as const) {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const path = `/turned/${orientation}.${format}`
      shop.write(path, await turnedPicture(upright, format, orientation), {
        'content-type': `image/${format}`,
      })
      paths.push(path)
    }
  }
  return paths
}

export function expectUpright(seen: readonly { path: string; size: string; toUpright: number }[]): void {
  console.table(seen)
  expect(seen).toHaveLength(24)
  for (const { path, size, toUpright } of seen) {
    expect.soft(size, path).toBe('96 x 64')
    // AVIF converts colours; mirrored a picture is 70 and more off.
    expect.soft(toUpright, path).toBeLessThan(path.endsWith('.avif') ? 2 : 0.01)
  }
}
