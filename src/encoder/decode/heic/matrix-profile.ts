import { ByteReader } from '../header/byte-reader.js'

/** Nine numbers, row after row. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number]

/** A colour space of three primaries, each with a curve. */
export interface RgbSpace {
  /** From linear RGB to XYZ under D50. */
  readonly toXyz: Matrix
  /** From 0 to 1 as stored, to linear light. */
  readonly curves: readonly ((value: number) => number)[]
}

/** Reads an ICC profile of the kind that cameras and screens have (ICC.1:2022, 8.3.3). Null for others. */
export function readMatrixProfile(profile: Uint8Array): RgbSpace | null {
  const bytes = new ByteReader(profile)
  if (bytes.text(16, 4) !== 'RGB ' || bytes.text(20, 4) !== 'XYZ ') return null
  const tags = readTags(bytes)
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => readXyz(bytes, tags.get(name)))
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => readCurve(bytes, tags.get(name)))
  const [red, green, blue] = columns
  if (!red || !green || !blue) return null
  const toXyz = [0, 1, 2].flatMap((row) => [red[row], green[row], blue[row]]) as unknown as Matrix
  if (!toXyz.every(Number.isFinite)) return null
  const known = curves.filter((curve) => curve !== null)
  return known.length === 3 ? { toXyz, curves: known } : null
}

/** Where each tag is. */
function readTags(bytes: ByteReader): ReadonlyMap<string, number> {
  const count = Math.min(bytes.uint32(128), 100)
  const tags = new Map<string, number>()
  for (let index = 0; index < count; index++) {
    const entry = 132 + index * 12
    tags.set(bytes.text(entry, 4), bytes.uint32(entry + 4))
  }
  return tags
}

function readXyz(bytes: ByteReader, at: number | undefined): readonly number[] | null {
  if (at === undefined || bytes.text(at, 4) !== 'XYZ ') return null
  return [8, 12, 16].map((offset) => fixed(bytes, at + offset))
}

/** ICC.1:2022, 10.6 and 10.18. */
function readCurve(bytes: ByteReader, at: number | undefined): ((value: number) => number) | null {
  if (at === undefined) return null
  const type = bytes.text(at, 4)
  if (type === 'curv') return readSampledCurve(bytes, at)
  if (type !== 'para') return null
  const kind = bytes.uint16(at + 8)
  const count = [1, 3, 4, 5, 7][kind]
  if (count === undefined) return null
  const numbers = Array.from({ length: count }, (_, index) => fixed(bytes, at + 12 + index * 4))
  if (!numbers.every(Number.isFinite)) return null
  const [gamma = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers
  const power = (value: number) => Math.max(0, a * value + b) ** gamma
  if (kind === 0) return (value) => value ** gamma
  if (kind === 1) return (value) => (value >= -b / a ? power(value) : 0)
  if (kind === 2) return (value) => (value >= -b / a ? power(value) : 0) + c
  return (value) => (value >= d ? power(value) + e : c * value + f)
}

function readSampledCurve(bytes: ByteReader, at: number): ((value: number) => number) | null {
  const count = bytes.uint32(at + 8)
  if (count === 0) return (value) => value
  if (count === 1) {
    const gamma = bytes.uint16(at + 12) / 256
    return (value) => value ** gamma
  }
  if (!(at + 12 + count * 2 <= bytes.length)) return null
  const sample = (index: number) => bytes.uint16(at + 12 + Math.min(index, count - 1) * 2) / 65535
  return (value) => {
    const place = value * (count - 1)
    const below = Math.floor(place)
    return sample(below) + (sample(below + 1) - sample(below)) * (place - below)
  }
}

/** A number with 16 bits behind the point. */
function fixed(bytes: ByteReader, at: number): number {
  const bits = bytes.uint32(at)
  return (bits >= 2 ** 31 ? bits - 2 ** 32 : bits) / 65536
}
