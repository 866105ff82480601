import { Resampler } from '../../../src/encoder/resample/resample.js'
import { expect, type Shop } from '../harness.js'
import { oddPictures, printPictures, referencePixels } from '../photo-search/photo-pictures.js'

/** Serves pictures of odd kinds, each with the pixels that libvips decodes, resized, and returns the paths. */
export async function writeOddPictures(shop: Shop): Promise<readonly string[]> {
  const resampler = await Resampler.open()
  const size = { width: 224, height: 224, filter: 'bicubic' } as const
  const paths: string[] = []
  for (const [kind, make] of Object.entries({ ...oddPictures, ...printPictures })) {
    const path = `/odd/${kind.replaceAll(' ', '-')}`
    const { bytes, type } = await make()
    shop.write(path, bytes, { 'content-type': type })
    shop.write(`${path}.rgb`, await resampler.resize(await referencePixels(bytes), size))
    paths.push(path)
  }
  return paths
}

/** The differences are of 255 levels, on average. */
export function expectAlike(seen: readonly { path: string; difference: number }[]): void {
  console.table(seen)
  expect(seen).toHaveLength(Object.keys({ ...oddPictures, ...printPictures }).length)
  // Each browser converts the colours of print in its own way.
  for (const { path, difference } of seen) {
    expect.soft(difference, path).toBeLessThan(path.includes('CMYK') ? 16 : 2)
  }
}
