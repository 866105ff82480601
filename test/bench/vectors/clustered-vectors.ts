import { type EncodedVectors, encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { normalize } from '../../../src/vectors/normalize.js'

/** How far the pictures of one kind lie apart, against how far the kinds do. */
const spread = 0.7

/**
 * Unit vectors as a catalogue has them: around a thousand centres, which are neighbours of each other in groups.
 * The numbers are random, and the same each time.
 */
export class ClusteredVectors {
  readonly dimensions: number
  readonly #centres: Float32Array[]
  #state = 0x9e3779b9

  constructor(dimensions: number) {
    this.dimensions = dimensions
    const groups = Array.from({ length: 40 }, () => this.#around())
    this.#centres = Array.from({ length: 1000 }, (_, index) => this.#around(groups[index % groups.length]))
  }

  next(): Float32Array {
    return this.#around(this.#centres[Math.floor(this.#random() * this.#centres.length)])
  }

  /** `count` vectors as int8, and the first `floatCount` of them as they were. Those behind repeat the first. */
  rows(count: number, floatCount: number): { encoded: EncodedVectors; floats: Float32Array } {
    const { dimensions } = this
    const different = floatCount > 0 ? floatCount : count
    const floats = new Float32Array(floatCount * dimensions)
    const data = new Int8Array(count * dimensions)
    const scales = new Float32Array(count)
    for (let row = 0; row < different; row++) {
      const vector = this.next()
      if (row < floatCount) floats.set(vector, row * dimensions)
      const one = encodeVectors([vector], dimensions, 'int8')
      data.set(one.data, row * dimensions)
      scales[row] = one.scales?.[0] as number
    }
    for (let row = different; row < count; row += different) {
      data.copyWithin(row * dimensions, 0, Math.min(different, count - row) * dimensions)
      scales.copyWithin(row, 0, Math.min(different, count - row))
    }
    return { encoded: { format: 'int8', dimensions, count, data, scales }, floats }
  }

  #around(centre?: Float32Array): Float32Array {
    // Of norm about 1: the variance of the sum of three numbers from 0 to 1 is a quarter.
    const size = (2 / Math.sqrt(this.dimensions)) * (centre ? spread : 1)
    const vector = new Float32Array(this.dimensions)
    for (let index = 0; index < vector.length; index++) {
      const noise = this.#random() + this.#random() + this.#random() - 1.5
      vector[index] = noise * size + (centre?.[index] ?? 0)
    }
    return normalize(vector)
  }

  /** Xorshift (Marsaglia 2003): from 0 to 1. */
  #random(): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) / 2 ** 32
  }
}

/** The rows of the `count` best dot products, best first: a loop as one writes it without further thought. */
export function plainTop(rows: Float32Array, query: Float32Array, count: number): number[] {
  const dimensions = query.length
  const best: { row: number; score: number }[] = []
  for (let row = 0, start = 0; start < rows.length; row++, start += dimensions) {
    let score = 0
    for (let index = 0; index < dimensions; index++) {
      score += (rows[start + index] as number) * (query[index] as number)
    }
    if (best.length < count || score > (best[count - 1]?.score as number)) {
      best.push({ row, score })
      best.sort((a, b) => b.score - a.score)
      best.length = Math.min(best.length, count)
    }
  }
  return best.map(({ row }) => row)
}
