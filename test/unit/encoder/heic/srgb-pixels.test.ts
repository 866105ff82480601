import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { colorConversionOf } from '../../../../src/encoder/decode/heic/color-conversion.js'
import type { HeicDecoderModule, HeicPixels } from '../../../../src/encoder/decode/heic/decoder-module.js'
import { reducePixels } from '../../../../src/encoder/decode/heic/reduce-pixels.js'
import { decodeToSrgb } from '../../../../src/encoder/decode/heic/srgb-pixels.js'
import { readImageHeader } from '../../../../src/encoder/decode/image-header.js'
import {
  heicFile,
  loadDocumentedDecoder,
  type Turn,
  turnedHeic,
  turnedPixels,
  wideColors,
} from '../../../fixtures/heic-files.js'

let libheif: HeicDecoderModule
const { signal } = new AbortController()
const whole = { enoughPixels: Number.POSITIVE_INFINITY, opaque: true, signal }
const decode = (file: Uint8Array) => decodeToSrgb(libheif, file, whole)
const reference = (name: string) => new URL(`../../../fixtures/reference/${name}`, import.meta.url).pathname

beforeAll(async () => {
  libheif = await loadDocumentedDecoder()
})

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, byte, index) => Math.max(most, Math.abs(byte - (b[index] as number))), 0)
}

describe('the documented decoder', () => {
  test('gives the picture that was encoded', async () => {
    const { width, height, data } = await decode(heicFile('upright.heic'))
    const original = await sharp(reference('orientation/upright.png')).ensureAlpha().raw().toBuffer()
    expect([width, height]).toEqual([96, 64])
    const mean =
      data.reduce((sum, byte, index) => sum + Math.abs(byte - (original[index] ?? 0)), 0) / data.length
    expect(mean).toBeLessThan(3)
  })

  const turns = [0, 1, 2, 3].flatMap((quarters): Turn[] => [
    { quarters, mirrored: 'none' },
    { quarters, mirrored: 'top to bottom' },
    { quarters, mirrored: 'left to right' },
  ])
  test.each(turns)('turns it as its properties say: $quarters quarters, mirrored $mirrored', async (turn) => {
    const upright = heicFile('upright.heic')
    const seen = await decode(turnedHeic(upright, turn))
    const expected = turnedPixels(await decode(upright), turn)
    expect([seen.width, seen.height]).toEqual([expected.width, expected.height])
    expect(largestDifference(seen.data, expected.data)).toBe(0)
  })

  test('does not turn it by EXIF metadata, which do not count in HEIC files', async () => {
    const file = heicFile('exif-orientation-6.heic')
    expect(Buffer.from(file).includes('Exif')).toBe(true)
    const { width, height } = await decode(file)
    expect([width, height]).toEqual([64, 96])
  })

  test('keeps alpha, with the colours not multiplied', async () => {
    const file = heicFile('transparent.heic')
    expect(readImageHeader(file)).toMatchObject({ format: 'heic', transparency: true })
    const { data } = await decodeToSrgb(libheif, file, { ...whole, opaque: false })
    const pixel = (x: number) => [...data.subarray((10 * 64 + x) * 4, (10 * 64 + x) * 4 + 4)]
    expect(largestDifference(pixel(32), [200, 100, 50, 130])).toBeLessThan(6)
    expect(pixel(60)[3]).toBeGreaterThan(230)
    expect(pixel(3)[3]).toBeLessThan(25)
  })

  test('refuses more pixels than it may decode, before it decodes them', async () => {
    await expect(
      (async () => libheif.decode(heicFile('upright.heic'), { maxPixels: 6143, signal }))(),
    ).rejects.toThrow('96 x 64')
  })

  test.each([
    ['an empty file', new Uint8Array()],
    ['text', new TextEncoder().encode('no picture')],
    ['half a file', heicFile('upright.heic').subarray(0, 3000)],
    ['an AVIF file', heicFile('avif-named.heic')],
  ])('rejects for %s', async (_, file) => {
    await expect(decode(file)).rejects.toThrow()
  })
})

describe('colours', () => {
  test('of Display P3 become those of sRGB', async () => {
    const { data } = await decode(heicFile('display-p3.heic'))
    for (const [index, color] of wideColors.entries()) {
      const [x, y] = [(index % 4) * 16 + 8, Math.floor(index / 4) * 16 + 8]
      const at = (y * 64 + x) * 4
      expect(largestDifference(data.subarray(at, at + 3), color), `${color}`).toBeLessThanOrEqual(4)
    }
  })

  test('are converted as Little CMS does it, to two levels', async () => {
    const file = heicFile('display-p3.heic')
    const start = Buffer.from(file).indexOf('colrprof') + 8
    const profile = file.subarray(start, start + Buffer.from(file).readUInt32BE(start))
    const rgba = Uint8Array.from({ length: 17 ** 3 * 4 }, (_, at) =>
      at % 4 === 3 ? 255 : Math.min(255, (Math.floor((at >> 2) / 17 ** (at % 4)) % 17) * 16),
    )
    const raw = { width: 17 ** 2, height: 17, channels: 4 } as const
    const tagged = await sharp(rgba, { raw }).png().toBuffer()
    const expected = await sharp(withProfile(tagged, profile))
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer()
    colorConversionOf(file)?.(rgba)
    expect(largestDifference(rgba, expected)).toBeLessThanOrEqual(2)
  })

  test('are kept where the file names no other space, and in transparent pixels too', () => {
    expect(colorConversionOf(heicFile('upright.heic'))).toBeNull()
    expect(colorConversionOf(new Uint8Array())).toBeNull()
    const convert = colorConversionOf(heicFile('display-p3.heic'))
    const pixel = Uint8Array.of(200, 100, 50, 0)
    convert?.(pixel)
    expect(pixel[3]).toBe(0)
  })

  test('are by the first profile that can be read: one before it may be of a picture in grey', () => {
    const file = Buffer.from(heicFile('display-p3.heic'))
    const body = file.indexOf('colrprof') + 4
    const profile = file.subarray(body, body - 8 + file.readUInt32BE(body - 8))
    const grey = Buffer.from(profile)
    grey.write('GRAY', 4 + 16, 'latin1')
    const converted = (...profiles: Buffer[]) => {
      const boxes = profiles.map((bytes) => {
        const head = Buffer.from('\0\0\0\0colr', 'latin1')
        head.writeUInt32BE(8 + bytes.length)
        return Buffer.concat([head, bytes])
      })
      const rgba = Uint8Array.of(200, 40, 90, 255)
      colorConversionOf(Uint8Array.from(Buffer.concat(boxes)))?.(rgba)
      return [...rgba]
    }
    expect(converted(profile)).not.toEqual([200, 40, 90, 255])
    expect(converted(grey)).toEqual([200, 40, 90, 255])
    expect(converted(grey, profile)).toEqual(converted(profile))
  })

  test('are not lost to a damaged profile', () => {
    const file = heicFile('display-p3.heic')
    const start = Buffer.from(file).indexOf('colrprof') + 8
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 479 }), fc.integer({ min: 0, max: 255 }), (offset, byte) => {
        const damaged = file.slice()
        damaged[start + offset] = byte
        const pixel = Uint8Array.of(10, 200, 100, 255)
        colorConversionOf(damaged)?.(pixel)
        expect(pixel[3]).toBe(255)
      }),
      { numRuns: 100 },
    )
  })
})

describe('reduced pixels', () => {
  const made = (width: number, height: number): HeicPixels => ({
    width,
    height,
    data: Uint8Array.from({ length: width * height * 4 }, (_, at) => (at * 37) % 256),
  })

  test('are the means of squares, and of what is left of them at the edges', () => {
    const picture = made(5, 3)
    const reduced = reducePixels(picture, 3)
    expect(reduced).toMatchObject({ width: 3, height: 2 })
    const byte = (x: number, y: number) => picture.data[(y * 5 + x) * 4] as number
    const [first, , third] = [0, 1, 2].map((column) => reduced?.data[column * 4])
    expect(first).toBe(Math.round((byte(0, 0) + byte(1, 0) + byte(0, 1) + byte(1, 1)) / 4))
    expect(third).toBe(Math.round((byte(4, 0) + byte(4, 1)) / 2))
    expect(reduced?.data[(3 + 2) * 4]).toBe(byte(4, 2))
  })

  test('are as many as wanted, or there are none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 900 }),
        (width, height, enough) => {
          const reduced = reducePixels(made(width, height), enough)
          if (reduced) expect(reduced.width * reduced.height).toBeGreaterThanOrEqual(enough)
          else expect(width * height).toBeLessThan(enough * 4)
        },
      ),
    )
  })
})

describe('a module', () => {
  const pixels = { width: 2, height: 1, data: new Uint8Array(8) }

  test.each([
    ['without decode', {}],
    ['whose decode returns nothing', { decode: () => undefined }],
    ['with too few bytes', { decode: () => ({ ...pixels, data: new Uint8Array(6) }) }],
    ['without a size', { decode: () => ({ data: pixels.data }) }],
    ['with half a pixel', { decode: () => ({ ...pixels, width: 1.5 }) }],
    ['with another kind of array', { decode: () => ({ ...pixels, data: [...pixels.data] }) }],
  ])('%s is no decoder', async (_, module) => {
    const decoding = decodeToSrgb(module as unknown as HeicDecoderModule, new Uint8Array(), whole)
    await expect(decoding).rejects.toMatchObject({ name: 'NoDecoderError' })
  })

  test('may give a view of larger memory, which stays as it is', async () => {
    const memory = new Uint8Array(100).fill(7)
    const data = memory.subarray(10, 18)
    const seen = await decodeToSrgb({ decode: () => ({ ...pixels, data }) }, new Uint8Array(), whole)
    expect(seen.data.buffer.byteLength).toBe(8)
    expect(memory.every((byte) => byte === 7)).toBe(true)
  })
})

/** The PNG file with an ICC profile, its pixels the same bytes. */
function withProfile(png: Buffer, profile: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from('iCCPp3\0\0', 'latin1'), deflateSync(profile)])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  const afterHeader = 8 + 25
  return Buffer.concat([png.subarray(0, afterHeader), chunk, png.subarray(afterHeader)])
}
