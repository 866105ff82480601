import { ByteReader } from '../header/byte-reader.js'
import { propertyBoxes } from '../header/isobmff.js'
import { type Matrix, type RgbSpace, readMatrixProfile } from './matrix-profile.js'

/** Rewrites RGBA bytes of another colour space as sRGB, in place. */
export type ColorConversion = (rgba: Uint8Array | Uint8ClampedArray) => void

/**
 * What turns the pixels of a HEIC file into sRGB: most phones store Display P3. Null where they are sRGB, or in a space
 * that takes more than three curves and a matrix; such pixels are taken for sRGB.
 */
export function colorConversionOf(file: Uint8Array): ColorConversion | null {
  const space = readColorSpace(file)
  return space && conversionFrom(space)
}

function readColorSpace(file: Uint8Array): RgbSpace | null {
  const bytes = new ByteReader(file)
  let coded: RgbSpace | null = null
  let profile: RgbSpace | null = null
  for (const { type, body, size } of propertyBoxes(bytes)) {
    if (type !== 'colr') continue
    const kind = bytes.text(body, 4)
    // The first may be that of a picture in grey beside the photo, such as its depths.
    if (kind === 'prof' || kind === 'rICC')
      profile ??= readMatrixProfile(file.subarray(body + 4, body + size))
    if (kind === 'nclx') coded ??= codedSpace(bytes.uint16(body + 4), bytes.uint16(body + 6))
  }
  // A profile counts where there are both (ISO/IEC 23000-22, 7.3.6.4).
  return profile ?? coded
}

/** By the numbers of ITU-T H.273. The curves of HDR are for other screens: their colours stay as they are. */
function codedSpace(primaries: number, transfer: number): RgbSpace | null {
  const toXyz = { 9: BT_2020, 12: DISPLAY_P3 }[primaries]
  return toXyz && transfer < 16 ? { toXyz, curves: [toLinear, toLinear, toLinear] } : null
}

function conversionFrom({ toXyz, curves }: RgbSpace): ColorConversion | null {
  const matrix = multiply(XYZ_TO_SRGB, toXyz)
  const [red, green, blue] = curves.map((curve) =>
    Float32Array.from({ length: 256 }, (_, i) => curve(i / 255)),
  )
  if (!red || !green || !blue) return null
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = matrix
  const encoded = encodedSteps()
  const byteOf = (linear: number) =>
    encoded[linear <= 0 ? 0 : linear >= 1 ? STEPS : Math.round(linear * STEPS)] as number
  const convert: ColorConversion = (rgba) => {
    for (let at = 0; at < rgba.length; at += 4) {
      const r = red[rgba[at] as number] as number
      const g = green[rgba[at + 1] as number] as number
      const b = blue[rgba[at + 2] as number] as number
      rgba[at] = byteOf(rr * r + rg * g + rb * b)
      rgba[at + 1] = byteOf(gr * r + gg * g + gb * b)
      rgba[at + 2] = byteOf(br * r + bg * g + bb * b)
    }
  }
  return changesColors(convert) ? convert : null
}

/** Most profiles that are called otherwise are sRGB all the same, to a level. */
function changesColors(convert: ColorConversion): boolean {
  const before = Uint8Array.from({ length: 6 ** 3 * 4 }, (_, index) => {
    const [color, channel] = [index >> 2, index & 3]
    return channel === 3 ? 255 : (Math.floor(color / 6 ** channel) % 6) * 51
  })
  const after = before.slice()
  convert(after)
  return after.some((byte, index) => Math.abs(byte - (before[index] as number)) > 1)
}

/** As fine as rounding to bytes needs where the curve is steepest. */
const STEPS = 16384

/** IEC 61966-2-1. */
function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

let steps: Uint8Array | undefined

/** The bytes of linear light from 0 to 1. */
function encodedSteps(): Uint8Array {
  steps ??= Uint8Array.from({ length: STEPS + 1 }, (_, step) => Math.round(255 * toEncoded(step / STEPS)))
  return steps
}

function toEncoded(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
}

/** Between linear RGB and XYZ under the white of profiles, D50 (ICC.1:2022, annex E, Bradford). */
const DISPLAY_P3: Matrix = [
  0.515102, 0.291965, 0.157153, 0.241182, 0.692236, 0.066582, -0.001049, 0.041882, 0.784378,
]
const BT_2020: Matrix = [
  0.6734241, 0.1656411, 0.1251286, 0.2790177, 0.6753402, 0.0456377, -0.00193, 0.0299784, 0.797333,
]
const XYZ_TO_SRGB: Matrix = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427,
]

function multiply(a: Matrix, b: Matrix): Matrix {
  const product = Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3) * 3, at % 3]
    return [0, 1, 2].reduce((sum, k) => sum + (a[row + k] as number) * (b[k * 3 + column] as number), 0)
  })
  return product as unknown as Matrix
}
