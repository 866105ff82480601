import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NodeEncoder } from '../../../src/node/encoder/node-encoder.js'
import { sha256 } from '../../../src/sha256.js'
import { type Part, readPart, readSplit, type SetName } from './quality-sets.js'
import type { Labelled } from './score-statistics.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The folder of the shipped model. */
export const shippedModel = `${root}public/models/siglip-tiny-patch16-224/`

export type Weights = 'fp16' | 'int8'

/**
 * Encodes evaluation pictures and keeps the vectors in `.cache`, so that a run can be resumed and is free the next time.
 * The cache is named after the bytes of the weights.
 */
export class QualityEncoder {
  readonly weights: Weights
  /** The folder of what was made with these weights. */
  readonly cache: string
  readonly #encoder: NodeEncoder
  #single: Map<string, Float32Array> | null = null

  private constructor(weights: Weights, encoder: NodeEncoder, cache: string) {
    this.weights = weights
    this.#encoder = encoder
    this.cache = cache
  }

  /** @param model a folder on this machine. */
  static async open(weights: Weights, model = shippedModel, threads = 2): Promise<QualityEncoder> {
    const encoder = await NodeEncoder.open({ model, precision: weights, threads })
    const hash = await sha256(await readFile(fileURLToPath(encoder.modelFile)))
    return new QualityEncoder(weights, encoder, `${root}.cache/quality/${hash.slice(0, 16)}`)
  }

  get space() {
    return this.#encoder.space
  }

  encodeSplit(set: SetName, split: string): Promise<Float32Array[]> {
    return this.encodePart({ set, split })
  }

  /** The pictures of a split with their vectors. Fashion is by kind, the first part of its labels. */
  async readLabelled(set: SetName, split: string): Promise<Labelled[]> {
    const vectors = await this.encodeSplit(set, split)
    return readSplit(set, split).map(({ id, label }, row) => ({
      id,
      label: set === 'fashion' ? (label.split('|')[0] ?? label) : label,
      vector: vectors[row] as Float32Array,
    }))
  }

  /** The vectors of a part in the order of its labels. A cache file is rows of 32-bit floats, as many as are done. */
  async encodePart(part: Part): Promise<Float32Array[]> {
    const { set, split, every = 1 } = part
    const pictures = readPart(part)
    const { dimensions } = this.space
    const path = `${this.cache}/${set}-${split}${every === 1 ? '' : `-every-${every}`}.f32`
    mkdirSync(dirname(path), { recursive: true })
    const vectors = existsSync(path) ? readRows(path, dimensions) : []
    if (vectors.length > 0) truncateSync(path, vectors.length * dimensions * 4)
    for (const picture of pictures.slice(vectors.length)) {
      const { vector } = await this.#encoder.encode(await readFile(picture.image), picture.id)
      appendFileSync(path, new Uint8Array(vector.buffer))
      vectors.push(vector)
      if (vectors.length % 200 === 0)
        console.log(`${this.weights} ${set} ${split}: ${vectors.length} of ${pictures.length}`)
    }
    return vectors
  }

  /** The vector of one picture, which is kept as well: by the hash of its bytes. */
  async encode(file: Uint8Array, name: string): Promise<Float32Array> {
    this.#single ??= readSingle(this.#singlePath)
    const key = await sha256(Uint8Array.from(file))
    const known = this.#single.get(key)
    if (known) return known
    const { vector } = await this.#encoder.encode(file, name)
    this.#single.set(key, vector)
    mkdirSync(this.cache, { recursive: true })
    appendFileSync(this.#singlePath, `${JSON.stringify([key, Array.from(vector)])}\n`)
    return vector
  }

  close(): Promise<void> {
    return this.#encoder.close()
  }

  get #singlePath(): string {
    return `${this.cache}/pictures.jsonl`
  }
}

/** The whole rows of a cache file; a row that an interruption cut short is left out. */
function readRows(path: string, dimensions: number): Float32Array[] {
  const { buffer } = Uint8Array.from(readFileSync(path))
  const count = Math.floor(buffer.byteLength / 4 / dimensions)
  return Array.from({ length: count }, (_, row) => new Float32Array(buffer, row * dimensions * 4, dimensions))
}

/** Of single pictures; a line that an interruption cut short is left out. */
function readSingle(path: string): Map<string, Float32Array> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [key, vector] = JSON.parse(line) as [string, number[]]
      return [key, Float32Array.from(vector)]
    }),
  )
}
