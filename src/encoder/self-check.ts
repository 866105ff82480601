import { SimilarItemsError } from '../errors.js'
import { cosineSimilarity } from '../vectors/normalize.js'

/** What arithmetic a model file asks of a backend. */
export type Compute = 'int8' | 'fp16' | 'fp32'

/** What a model folder says about one of its files. */
export interface StatedFile {
  /** Hex. */
  readonly sha256: string
  readonly bytes: number
  readonly compute: Compute
}

/** The `self-check.json` of a model folder: a picture that any program can make, and its embedding. */
export interface SelfCheck {
  readonly embedding: Float32Array
  /** A backend that gets less than this cosine to `embedding` is not trusted. */
  readonly minCosine: number
  /** By file name inside `onnx/`. */
  readonly files: ReadonlyMap<string, StatedFile>
}

/**
 * Reads a `self-check.json`.
 * @throws SimilarItemsError `model-invalid` where it is not one.
 */
export function parseSelfCheck(json: unknown, url: string): SelfCheck {
  const { embedding, minCosine = 0.99, files = {} } = (json ?? {}) as Record<string, unknown>
  const isEmbedding =
    Array.isArray(embedding) &&
    embedding.length > 0 &&
    embedding.every((component) => Number.isFinite(component))
  if (!isEmbedding || typeof minCosine !== 'number' || typeof files !== 'object' || files === null) {
    throw new SimilarItemsError(
      'model-invalid',
      `${url} holds no reference embedding. Write it anew or remove it.`,
      {
        subject: url,
      },
    )
  }
  const stated = Object.entries(files).filter((entry): entry is [string, StatedFile] =>
    isStatedFile(entry[1]),
  )
  return { embedding: Float32Array.from(embedding as number[]), minCosine, files: new Map(stated) }
}

/**
 * The picture of the self-check as RGB bytes `[height, width, 3]`:
 * R = 5x mod 256, G = 3y mod 256, B = 255 in the odd squares of a 16-pixel chequerboard.
 */
export function selfCheckPicture(width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3)
  let offset = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rgb[offset++] = (5 * x) % 256
      rgb[offset++] = (3 * y) % 256
      rgb[offset++] = ((x >> 4) + (y >> 4)) % 2 === 1 ? 255 : 0
    }
  }
  return rgb
}

/** Cosine of what a backend computed to the reference, or -1 where it computed nothing comparable. */
export function selfCheckCosine(selfCheck: SelfCheck, computed: Float32Array): number {
  const { embedding } = selfCheck
  const comparable =
    computed.length === embedding.length && computed.every(Number.isFinite) && computed.some(Boolean)
  return comparable ? cosineSimilarity(embedding, computed) : -1
}

function isStatedFile(value: unknown): value is StatedFile {
  const { sha256, bytes, compute } = (value ?? {}) as Record<string, unknown>
  return (
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof bytes === 'number' &&
    (compute === 'int8' || compute === 'fp16' || compute === 'fp32')
  )
}
