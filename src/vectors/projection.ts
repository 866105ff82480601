import { SimilarItemsError } from '../errors.js'
import { sha256 } from '../sha256.js'
import type { Embedding, Space } from '../types.js'
import { normalize } from './normalize.js'
import { parseSafetensors, type Tensor, toBytes, toFloat32Array, writeSafetensors } from './safetensors.js'
import { assertSameSpace, makeSpace, parseSpace } from './space.js'

/** Principal axes of a catalogue, the first components, fitted to a shop's pairs, or nothing but a mean subtracted. */
export type ProjectionMethod = 'pca' | 'cut' | 'tuned' | 'center'

/** A map from the space of an encoder to another: a mean is subtracted, a matrix applied, or both in this order. */
export interface Projection {
  readonly from: Space
  readonly to: Space
  /** A `ProjectionMethod`, or what else the file says; null where it says nothing. */
  readonly method: string | null
  /** `[from.dimensions]`, shorter than 1: what is subtracted from unit vectors. Null: nothing. */
  readonly mean: Float32Array | null
  /** `[to.dimensions, from.dimensions]`, row after row. Null: the identity. */
  readonly matrix: Float32Array | null
}

/**
 * Reads a projection: a safetensors file with the F32 tensor `projection` `[k, d]`, the F32 tensor `mean` `[d]`, or
 * both, and, in `__metadata__`, the JSON text `space` of the encoder's vectors and, where it is known, the `method`.
 * The SHA-256 of the file names the resulting space.
 * @param name what to call the file in errors.
 * @throws SimilarItemsError `pack-invalid`.
 */
export async function readProjection(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Projection> {
  const { tensors, metadata } = parseSafetensors(bytes, name)
  const from = parseSpace(parseJson(metadata.get('space')))
  const width = from?.dimensions ?? 0
  const [meanTensor, matrixTensor] = [tensors.get('mean'), tensors.get('projection')]
  const mean = meanTensor ? readFinite(meanTensor, [width]) : null
  const matrix = matrixTensor ? readFinite(matrixTensor, [matrixTensor.shape[0] ?? 0, width]) : null
  const isMean = !meanTensor || (mean && isInsideSphere(mean))
  const isMatrix = !matrixTensor || matrix
  if (!from || !isMean || !isMatrix || !(mean || matrix)) {
    throw new SimilarItemsError(
      'pack-invalid',
      `${name} is not a usable projection: it needs a finite F32 tensor "projection" [k, d], or one "mean" [d] ` +
        'shorter than 1, and a "space" of d dimensions in its metadata.',
      { subject: name },
    )
  }
  const dimensions = matrix ? matrix.length / width : width
  const to = projectedSpace(from, await sha256(bytes), dimensions, mean !== null)
  return { from, to, method: metadata.get('method') ?? null, mean, matrix }
}

/**
 * Writes the file of a projection of vectors of `from` by `matrix` `[k, from.dimensions]`, made by `method`.
 * @param matrix null for the identity, where there is a mean.
 * @param mean `[from.dimensions]`: what is subtracted before.
 */
export function writeProjection(
  from: Space,
  matrix: Float32Array | null,
  method: ProjectionMethod,
  mean: Float32Array | null = null,
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Tensor>()
  if (mean) tensors.set('mean', { dtype: 'F32', shape: [mean.length], bytes: toBytes(mean) })
  if (matrix) {
    const shape = [matrix.length / from.dimensions, from.dimensions]
    tensors.set('projection', { dtype: 'F32', shape, bytes: toBytes(matrix) })
  }
  return writeSafetensors({
    tensors,
    metadata: new Map([
      ['format', 'similar-items-projection-1'],
      ['method', method],
      ['space', JSON.stringify(from)],
    ]),
  })
}

/**
 * The unit vector of `matrix` times (the embedding's vector less `mean`).
 * @throws SimilarItemsError `space-mismatch` for an embedding of another space than `projection.from`; RangeError
 * where nothing is left of the vector.
 */
export function project({ from, to, mean, matrix }: Projection, { space, vector }: Embedding): Embedding {
  assertSameSpace(from, space)
  const centered = mean ? vector.map((component, index) => component - (mean[index] as number)) : vector
  return { space: to, vector: normalize(matrix ? multiply(matrix, centered) : centered) }
}

function multiply(matrix: Float32Array, vector: Float32Array): Float32Array {
  return Float32Array.from({ length: matrix.length / vector.length }, (_, row) => {
    let dot = 0
    for (let column = 0; column < vector.length; column++) {
      dot += (matrix[row * vector.length + column] as number) * (vector[column] as number)
    }
    return dot
  })
}

/** The space of vectors of `from` after the projection whose file has this SHA-256. */
export function projectedSpace(
  from: Space,
  projection: string,
  dimensions: number,
  isCentered = false,
): Space {
  return makeSpace({ ...from, projection, dimensions, ...(isCentered && { centered: true }) })
}

/** The matrix that keeps the first `dimensions` components: for encoders whose leading components are embeddings. */
export function cutMatrix(from: Space, dimensions: number): Float32Array {
  const matrix = new Float32Array(dimensions * from.dimensions)
  for (let row = 0; row < dimensions; row++) matrix[row * from.dimensions + row] = 1
  return matrix
}

/** The numbers of a tensor; null where it has another type or shape, or one that is not finite. */
function readFinite(tensor: Tensor, shape: readonly number[]): Float32Array | null {
  const fits = tensor.dtype === 'F32' && shape.every((length) => length > 0) && isEqual(tensor.shape, shape)
  const numbers = fits ? toFloat32Array(tensor) : null
  return numbers?.every(Number.isFinite) ? numbers : null
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, index) => length === b[index])
}

/** The mean of unit vectors is; then something is left of every unit vector after the subtraction. */
function isInsideSphere(mean: Float32Array): boolean {
  return Math.hypot(...mean) < 1
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined // What is not JSON is no space either; the caller says so.
  }
}
