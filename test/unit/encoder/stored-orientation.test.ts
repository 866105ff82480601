import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { storedAxes } from '../../../src/encoder/decode/orientation.js'
import { readStoredOrientation, type TurnedFormat } from '../../../src/encoder/decode/stored-orientation.js'
import { turnedPicture } from '../../fixtures/turned-picture.js'

const formats: readonly TurnedFormat[] = ['webp', 'png', 'avif']
const picture = () => sharp({ create: { width: 6, height: 4, channels: 3, background: '#c84' } })

/** What the eight EXIF orientations mean (CIPA DC-008, table 6). */
const expected = [
  { transposed: false, mirroredColumns: false, mirroredRows: false },
  { transposed: false, mirroredColumns: true, mirroredRows: false },
  { transposed: false, mirroredColumns: true, mirroredRows: true },
  { transposed: false, mirroredColumns: false, mirroredRows: true },
  { transposed: true, mirroredColumns: false, mirroredRows: false },
  { transposed: true, mirroredColumns: false, mirroredRows: true },
  { transposed: true, mirroredColumns: true, mirroredRows: true },
  { transposed: true, mirroredColumns: true, mirroredRows: false },
]

for (const format of formats) {
  test(`${format} files say how they are turned`, async () => {
    const upright = await picture().png().toBuffer()
    for (const [index, axes] of expected.entries()) {
      const file = await turnedPicture(upright, format, index + 1)
      expect(storedAxes(readStoredOrientation(file, format)), `orientation ${index + 1}`).toEqual(axes)
    }
  })
}

test('files without orientation, and cut-off or damaged ones, are upright or turned, and never fail', async () => {
  const files = await Promise.all(
    formats.map(async (format) => ({
      format,
      plain: await picture()[format]().toBuffer(),
      turned: await turnedPicture(await picture().png().toBuffer(), format, 7),
    })),
  )
  for (const { format, plain, turned } of files) {
    expect(readStoredOrientation(plain, format)).toEqual({ rotation: 0, flip: false })
    for (let length = 0; length < turned.length; length += 7) {
      expect([0, 90, 180, 270]).toContain(readStoredOrientation(turned.subarray(0, length), format).rotation)
    }
    fc.assert(
      fc.property(fc.nat(turned.length - 1), fc.nat(255), (at, value) => {
        const damaged = Uint8Array.from(turned)
        damaged[at] = value
        expect([0, 90, 180, 270]).toContain(readStoredOrientation(damaged, format).rotation)
      }),
      { numRuns: 200 },
    )
  }
})
