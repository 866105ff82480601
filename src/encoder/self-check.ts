import { SimilarItemsError } from '../errors.js'
import { sha256 } from '../sha256.js'
import { cosineSimilarity } from '../vectors/normalize.js'
import { chequerboard, stillLife } from './self-check-picture.js'

/** What arithmetic a weights file asks of a backend. */
export type Compute = 'int7' | 'int8' | 'fp16' | 'fp32'

/** What a model folder says about one of its files. */
export interface StatedFile {
  /** Hex. */
  readonly sha256: string
  readonly bytes: number
  readonly compute: Compute
}

/** A picture that any program can make, and its embedding in full precision. */
export interface ReferencePicture {
  /** @returns RGB bytes `[height, width, 3]`. */
  draw(width: number, height: number): Uint8Array
  /** Not normalised. */
  readonly embedding: Float32Array
}

/** The `self-check.json` of a model folder: what a backend has to reproduce before it is trusted. */
export interface SelfCheck {
  /** One or more, of one length. */
  readonly pictures: readonly ReferencePicture[]
  /** A backend that gets less than this cosine to any of the pictures is not trusted with such weights. */
  readonly minCosine: Readonly<Record<Compute, number>>
  /** By file name inside `onnx/`. */
  readonly files: ReadonlyMap<string, StatedFile>
  /** SHA-256 (hex) that names the model in a `Space`: the same whichever files of it there are. */
  readonly model: string
}

/**
 * Full precision differs by the order of its sums alone. 8 bits differ by the rounding of activations (0.9994 at the
 * worst of 54 photos with the shipped weights); ordinary 8-bit weights on a processor that saturates 16-bit sums get
 * 0.935 to 0.954 on the shipped pictures, and 0.9989 on one that does not.
 */
export const defaultMinCosine: Readonly<Record<Compute, number>> = {
  int7: 0.995,
  int8: 0.995,
  fp16: 0.9999,
  fp32: 0.9999,
}

/**
 * Reads a `self-check.json`: `pictures` with a `stillLife` seed and an `embedding` each, or, as folders had it at first,
 * one `embedding` of the `chequerboard` and one `minCosine`.
 * @throws SimilarItemsError `model-invalid` where it is neither.
 */
export async function parseSelfCheck(text: string, url: string): Promise<SelfCheck> {
  const json = parseObject(text, url)
  const files = new Map(Object.entries(json.files ?? {}).filter(isStatedEntry))
  const minCosine = parseMinCosine(json.minCosine, url)
  if (json.pictures === undefined) {
    const embedding = parseEmbedding(json.embedding, url)
    const model = await sha256(new TextEncoder().encode(text))
    const picture = { draw: chequerboard, embedding: Float32Array.from(embedding) }
    return { pictures: [picture], minCosine, files, model }
  }
  const stated = parsePictures(json.pictures, url)
  const pictures = stated.map(({ seed, embedding }) => ({
    draw: (width: number, height: number) => stillLife(seed, width, height),
    embedding: Float32Array.from(embedding),
  }))
  return { pictures, minCosine, files, model: await nameModel(stated) }
}

/** A picture as `self-check.json` states it. */
export interface StatedPicture {
  /** Of `stillLife`. */
  readonly seed: number
  readonly embedding: readonly number[]
}

/**
 * What names a model: the SHA-256 (hex) of one line of text for each picture, its seed, a colon, and the numbers of its
 * embedding with five decimals, separated by commas; every line ends in a line feed.
 */
export function nameModel(pictures: readonly StatedPicture[]): Promise<string> {
  const lines = pictures.map(({ seed, embedding }) => {
    return `${seed}:${embedding.map((component) => component.toFixed(5)).join(',')}\n`
  })
  return sha256(new TextEncoder().encode(lines.join('')))
}

/**
 * The lowest cosine over the reference pictures, or -1 where a backend computed nothing comparable for one.
 * @param embeddings what was computed for each picture, in their order.
 */
export function worstCosine({ pictures }: SelfCheck, embeddings: readonly Float32Array[]): number {
  return Math.min(...pictures.map(({ embedding }, index) => cosineTo(embedding, embeddings[index])))
}

function cosineTo(reference: Float32Array, computed: Float32Array | undefined): number {
  const isComparable =
    computed?.length === reference.length && computed.every(Number.isFinite) && computed.some(Boolean)
  return isComparable ? cosineSimilarity(reference, computed) : -1
}

interface Fields {
  readonly pictures?: unknown
  readonly embedding?: unknown
  readonly minCosine?: unknown
  readonly files?: object
}

function parseObject(text: string, url: string): Fields {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new SimilarItemsError('model-invalid', `${url} is not JSON.`, { cause, subject: url })
  }
  const isFields = typeof json === 'object' && json !== null
  const { files = {} } = (isFields ? json : {}) as { files?: unknown }
  if (!isFields || typeof files !== 'object' || files === null) throw unusable(url)
  return json as Fields
}

function parsePictures(value: unknown, url: string): StatedPicture[] {
  if (!Array.isArray(value) || value.length === 0) throw unusable(url)
  const pictures = value.map((picture) => {
    const { seed, embedding } = (picture ?? {}) as Record<string, unknown>
    const isSeed = Number.isInteger(seed) && (seed as number) > 0 && (seed as number) < 2 ** 32
    if (!isSeed) throw unusable(url)
    return { seed: seed as number, embedding: parseEmbedding(embedding, url) }
  })
  if (new Set(pictures.map(({ embedding }) => embedding.length)).size > 1) throw unusable(url)
  return pictures
}

function parseEmbedding(value: unknown, url: string): readonly number[] {
  // It is compared in single precision, where more numbers are infinite or nothing.
  const isEmbedding = Array.isArray(value) && value.length > 0 && value.every(isSingle)
  if (!isEmbedding || !value.some(Math.fround)) throw unusable(url)
  return value
}

function isSingle(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(Math.fround(value))
}

function parseMinCosine(value: unknown, url: string): Readonly<Record<Compute, number>> {
  if (value === undefined) return defaultMinCosine
  if (isCosine(value)) return { int7: value, int8: value, fp16: value, fp32: value }
  if (typeof value !== 'object' || value === null) throw unusable(url)
  const given = value as Partial<Record<Compute, unknown>>
  const of = (compute: Compute): number => {
    const cosine = given[compute] ?? defaultMinCosine[compute]
    if (!isCosine(cosine)) throw unusable(url)
    return cosine
  }
  return { int7: of('int7'), int8: of('int8'), fp16: of('fp16'), fp32: of('fp32') }
}

function isCosine(value: unknown): value is number {
  return typeof value === 'number' && value >= -1 && value <= 1
}

function isStatedEntry(entry: [string, unknown]): entry is [string, StatedFile] {
  const { sha256, bytes, compute } = (entry[1] ?? {}) as Record<string, unknown>
  return (
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof bytes === 'number' &&
    (compute === 'int7' || compute === 'int8' || compute === 'fp16' || compute === 'fp32')
  )
}

function unusable(url: string): SimilarItemsError {
  const message = `${url} holds no usable reference embeddings. Write it anew or remove it.`
  return new SimilarItemsError('model-invalid', message, { subject: url })
}
