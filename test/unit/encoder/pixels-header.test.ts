import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { recognizeFile } from '../../../src/encoder/decode/file-kind.js'
import { readImageHeader } from '../../../src/encoder/decode/image-header.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const photos = `${root}node_modules/@vendure/create/assets/images/`
const opaque = { create: { width: 301, height: 97, channels: 3, background: '#3366aa' } } as const
const transparent = { create: { ...opaque.create, channels: 4, background: '#3366aa80' } } as const

/** Files written by libvips, with what their headers have to say. */
const files = {
  'a JPEG': [() => sharp(opaque).jpeg(), { format: 'jpeg', transparency: false, foreignProfile: false }],
  'a progressive JPEG, turned': [
    () => sharp(opaque).withMetadata({ orientation: 6 }).jpeg({ progressive: true }),
    { format: 'jpeg', transparency: false, foreignProfile: false },
  ],
  'a grey JPEG with a colour profile': [
    () => sharp(opaque).grayscale().withIccProfile('p3').jpeg(),
    { format: 'jpeg', transparency: false, foreignProfile: true },
  ],
  'a PNG': [() => sharp(opaque).png(), { format: 'png', transparency: false }],
  'a PNG with alpha, turned': [
    () => sharp(transparent).withMetadata({ orientation: 3 }).png(),
    { format: 'png', transparency: true },
  ],
  'a 16-bit PNG': [() => sharp(opaque).toColourspace('rgb16').png(), { format: 'png', transparency: false }],
  'a palette PNG with transparency': [
    () => sharp(transparent).png({ palette: true }),
    { format: 'png', transparency: true },
  ],
  'a GIF': [() => sharp(opaque).gif(), { format: 'gif', transparency: true }],
  'a lossy WebP': [() => sharp(opaque).webp(), { format: 'webp', transparency: false }],
  'a lossless WebP': [() => sharp(opaque).webp({ lossless: true }), { format: 'webp', transparency: false }],
  'a lossless WebP with alpha': [
    () => sharp(transparent).webp({ lossless: true }),
    { format: 'webp', transparency: true },
  ],
  'a lossy WebP with alpha': [() => sharp(transparent).webp(), { format: 'webp', transparency: true }],
  'a WebP with EXIF': [
    () => sharp(opaque).withMetadata({ orientation: 8 }).webp(),
    { format: 'webp', transparency: false, exif: true },
  ],
  'an AVIF': [() => sharp(opaque).avif(), { format: 'avif', transparency: false }],
  'an AVIF with alpha': [() => sharp(transparent).avif(), { format: 'avif', transparency: true }],
} as const

const written = new Map<string, Uint8Array>()
beforeAll(async () => {
  for (const [name, [write]] of Object.entries(files)) written.set(name, await write().toBuffer())
  written.set('a BMP', bitmapFile(301, -97, 24))
  written.set('a HEIC', heicFile())
})

test.each(Object.entries(files))('%s', (name, [, expected]) => {
  const header = readImageHeader(written.get(name) as Uint8Array)
  expect(header).toEqual({ width: 301, height: 97, ...expected })
})

test('a BMP: rows from the top or from the bottom, 24 or 32 bits, and the oldest header', () => {
  const size = { format: 'bmp', width: 301, height: 97 }
  expect(readImageHeader(bitmapFile(301, 97, 24))).toEqual({ ...size, transparency: false })
  expect(readImageHeader(bitmapFile(301, -97, 32))).toEqual({ ...size, transparency: true })
  const oldest = Buffer.from(bitmapFile(0, 0, 24))
  oldest.writeUInt32LE(12, 14)
  oldest.writeUInt16LE(301, 18)
  oldest.writeUInt16LE(97, 20)
  expect(readImageHeader(oldest)).toEqual({ ...size, transparency: false })
})

test('a HEIC: the picture, not its tiles or its thumbnail', () => {
  expect(readImageHeader(heicFile())).toMatchObject({
    format: 'heic',
    width: 4032,
    height: 3024,
  })
})

test('all 54 photos have the size that libjpeg-turbo finds, within their first 16 KiB', async () => {
  const names = readdirSync(photos).filter((name) => name.endsWith('.jpg'))
  expect(names).toHaveLength(54)
  for (const name of names) {
    const file = readFileSync(photos + name)
    const { width, height } = await sharp(file).metadata()
    expect(readImageHeader(file.subarray(0, 16384)), name).toMatchObject({ format: 'jpeg', width, height })
  }
})

describe('damaged files', () => {
  test('cut short anywhere, a header is whole or null', () => {
    for (const [name, file] of written) {
      const whole = readImageHeader(file)
      for (let length = 0; length < Math.min(file.length, 1500); length++) {
        const header = readImageHeader(file.subarray(0, length))
        if (header)
          expect(header, `${name} of ${length} bytes`).toMatchObject({
            width: whole?.width,
            height: whole?.height,
          })
      }
    }
  })

  test('with any bytes changed, a header has a possible size or is null', () => {
    const changes = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.constantFrom(...written.values()), changes, (file, changes) => {
        const damaged = Uint8Array.from(file)
        for (const [position, byte] of changes) damaged[position % damaged.length] = byte
        checkHeader(damaged)
      }),
      { numRuns: 3000 },
    )
  })

  test('any bytes after any signature', () => {
    const signatures = [...written.values()].map((file) => file.subarray(0, 24))
    const file = fc.tuple(fc.constantFrom(...signatures), fc.nat(24), fc.uint8Array({ maxLength: 300 }))
    fc.assert(
      fc.property(file, ([signature, kept, rest]) =>
        checkHeader(Buffer.concat([signature.subarray(0, kept), rest])),
      ),
      { numRuns: 3000 },
    )
  })

  function checkHeader(bytes: Uint8Array): void {
    expect(recognizeFile(bytes).description).not.toBe('')
    const header = readImageHeader(bytes)
    if (!header) return
    for (const side of [header.width, header.height]) {
      expect(Number.isInteger(side) && side > 0 && side < 2 ** 32).toBe(true)
    }
  }
})

test.each([
  ['', 'an empty file', false],
  ['<!DOCTYPE html><html>', 'an HTML page', false],
  ['\ufeff\n <!-- built <html> --><html lang="en">', 'an HTML page', false],
  [`${'<!---->'.repeat(60)}<p>`, 'an HTML page', false],
  ['<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg">', 'an SVG drawing', false],
  ['<!DOCTYPE svg PUBLIC "">', 'an SVG drawing', false],
  ['<?xml version="1.0"?><Error><Code>AccessDenied</Code>', 'an XML document', false],
  ['{"error": "not found"}', 'JSON text', false],
  ['%PDF-1.7', 'a PDF document', false],
  ['PK\x03\x04', 'a ZIP archive', false],
  ['Not Found', 'plain text', false],
  ['\0\0\0\x18ftypmp42', 'a video', false],
  ['\0\0\0\x18ftypheic', 'an HEIC photo', true],
  ['II*\0', 'a TIFF picture or a camera raw file', true],
  ['\x01\x02\x03', 'a file of an unknown kind', true],
] as const)('recognizes %j as %s', (text, description, image) => {
  const bytes = Buffer.from(text, text.startsWith('\ufeff') ? 'utf8' : 'latin1')
  expect(recognizeFile(bytes)).toMatchObject({ description, image })
})

function bitmapFile(width: number, height: number, bits: number): Uint8Array {
  const file = Buffer.alloc(54)
  file.write('BM')
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(bits, 28)
  return file
}

/** The boxes of a phone's photo: tiles, thumbnail, the whole picture, and a quarter turn. */
function heicFile(): Uint8Array {
  const sizes = [
    [512, 512],
    [320, 240],
    [4032, 3024],
  ] as const
  const properties = sizes.map(([width, height]) => box('ispe', uint32(0), uint32(width), uint32(height)))
  const container = box('ipco', ...properties, box('irot', Buffer.of(3)))
  const meta = box(
    'meta',
    uint32(0),
    box('hdlr', Buffer.alloc(24)),
    box('iprp', container, box('ipma', uint32(0))),
  )
  return Buffer.concat([
    box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')),
    meta,
    box('mdat', Buffer.alloc(64)),
  ])
}

function box(type: string, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([uint32(8 + content.length), Buffer.from(type), content])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

test('tells JPEGs whose profile is not called sRGB', async () => {
  const foreign = async (picture: Sharp) => readImageHeader(await picture.jpeg().toBuffer())?.foreignProfile
  expect(await foreign(sharp(opaque))).toBe(false)
  expect(await foreign(sharp(opaque).withIccProfile('srgb'))).toBe(false)
  expect(await foreign(sharp(opaque).withIccProfile('p3'))).toBe(true)
  // So long that it takes several segments, of which only the first has its name.
  expect(await foreign(sharp(opaque).withIccProfile('cmyk'))).toBe(true)
})
