import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodePicture } from '../../../../src/node/encoder/decode-picture.js'
import { copyPhoto, scratchFolder } from '../scratch.js'

const photo = join(scratchFolder(), 'chair.jpg')
copyPhoto('chair', photo)
const jpeg = readFileSync(photo)

test.each<[string, string | Uint8Array]>([
  ['is an HTML page, which cannot be decoded', '<!doctype html><title>Not found</title>'],
  ['is JSON text, which cannot be decoded', '{"error":"not found"}'],
  ['is a PDF document, which', '%PDF-1.7\n'],
  ['is an icon file, which', Buffer.from('00000100010000000000', 'hex')],
  ['is a BMP picture, which', 'BM\0\0\0\0'],
  ['is a JPEG XL picture, which', Buffer.from('ff0a7f00', 'hex')],
  ['is a JPEG picture, which', jpeg.subarray(0, 300)],
  ['is empty', ''],
])('what is no picture here %s', async (what, content) => {
  await expect(decodePicture(Buffer.from(content), 'x.jpg')).rejects.toMatchObject({
    code: 'image-undecodable',
    message: expect.stringContaining(`The picture x.jpg ${what}`),
  })
})

describe('pictures of every kind that shops have are decoded', () => {
  const small = () => sharp(jpeg).resize(64, 48, { fit: 'fill' })
  test.each<[string, () => Promise<Uint8Array>]>([
    ['CMYK without a profile', () => small().toColourspace('cmyk').jpeg().toBuffer()],
    ['CMYK with one', () => small().withIccProfile('cmyk').jpeg().toBuffer()],
    ['16 bits', () => small().toColourspace('rgb16').png().toBuffer()],
    ['grey', () => small().greyscale().jpeg().toBuffer()],
    ['grey, transparent', () => small().greyscale().ensureAlpha(0.5).png().toBuffer()],
    ['a palette', () => small().png({ palette: true, colours: 16 }).toBuffer()],
    ['progressive', () => small().jpeg({ progressive: true }).toBuffer()],
    ['Display P3', () => small().withIccProfile('p3').jpeg().toBuffer()],
    ['TIFF', () => small().tiff().toBuffer()],
    ['GIF', () => small().gif().toBuffer()],
    ['10 bits in AVIF', () => small().avif({ bitdepth: 10 }).toBuffer()],
    ['SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>')],
    ['two pictures in one, as MPO', async () => Buffer.concat([await small().jpeg().toBuffer(), jpeg])],
    [
      'something behind its end',
      async () => Buffer.concat([await small().jpeg().toBuffer(), Buffer.alloc(99, 7)]),
    ],
  ])('%s', async (_, make) => {
    const { width, height } = await decodePicture(await make(), 'x')
    expect([width, height]).toEqual([64, 48])
  })
})
