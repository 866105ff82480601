import { SimilarItemsError } from '../errors.js'
import { sha256 } from '../sha256.js'
import type { Embedding, Space } from '../types.js'
import { normalize } from './normalize.js'
import { parseSafetensors, toBytes, toFloat32Array, writeSafetensors } from './safetensors.js'
import { assertSameSpace, makeSpace, parseSpace } from './space.js'

/** Principal axes of a catalogue, the first components, or fitted to a shop's pairs. */
export type ProjectionMethod = 'pca' | 'cut' | 'tuned'

/** A linear map from the space of an encoder to one of fewer or other dimensions. */
export interface Projection {
  readonly from: Space
  readonly to: Space
  /** A `ProjectionMethod`, or what else the file says; null where it says nothing. */
  readonly method: string | null
  /** `[to.dimensions, from.dimensions]`, row after row. */
  readonly matrix: Float32Array
}

/**
 * Reads a projection: a safetensors file with the F32 tensor `projection` `[k, d]` and, in `__metadata__`, the JSON
 * text `space` of the encoder's vectors and, where it is known, the `method`. The SHA-256 of the file names the resulting space.
 * @param name what to call the file in errors.
 * @throws SimilarItemsError `pack-invalid`.
 */
export async function readProjection(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Projection> {
  const { tensors, metadata } = parseSafetensors(bytes, name)
  const tensor = tensors.get('projection')
  const from = parseSpace(parseJson(metadata.get('space')))
  const [rows, columns, ...more] = tensor?.shape ?? []
  const fits = tensor?.dtype === 'F32' && from && rows && columns === from.dimensions && more.length === 0
  const matrix = fits ? toFloat32Array(tensor) : null
  if (!fits || !matrix?.every(Number.isFinite)) {
    throw new SimilarItemsError(
      'pack-invalid',
      `${name} is not a usable projection: it needs a finite F32 tensor "projection" [k, d] and a "space" of d ` +
        'dimensions in its metadata.',
      { subject: name },
    )
  }
  const to = projectedSpace(from, await sha256(bytes), rows)
  return { from, to, method: metadata.get('method') ?? null, matrix }
}

/** Writes the file of a projection of vectors of `from` by `matrix` `[k, from.dimensions]`, made by `method`. */
export function writeProjection(
  from: Space,
  matrix: Float32Array,
  method: ProjectionMethod,
): Uint8Array<ArrayBuffer> {
  const shape = [matrix.length / from.dimensions, from.dimensions]
  return writeSafetensors({
    tensors: new Map([['projection', { dtype: 'F32', shape, bytes: toBytes(matrix) }]]),
    metadata: new Map([
      ['format', 'similar-items-projection-1'],
      ['method', method],
      ['space', JSON.stringify(from)],
    ]),
  })
}

/**
 * The unit vector of `matrix` times the embedding's vector.
 * @throws SimilarItemsError `space-mismatch` for an embedding of another space than `projection.from`; RangeError
 * where nothing is left of the vector.
 */
export function project({ from, to, matrix }: Projection, { space, vector }: Embedding): Embedding {
  assertSameSpace(from, space)
  const projected = new Float32Array(to.dimensions)
  for (let row = 0; row < projected.length; row++) {
    let dot = 0
    for (let column = 0; column < vector.length; column++) {
      dot += (matrix[row * vector.length + column] as number) * (vector[column] as number)
    }
    projected[row] = dot
  }
  return { space: to, vector: normalize(projected) }
}

/** The space of vectors of `from` after the projection whose file has this SHA-256. */
export function projectedSpace(from: Space, projection: string, dimensions: number): Space {
  return makeSpace({ ...from, projection, dimensions })
}

/** The matrix that keeps the first `dimensions` components: for encoders whose leading components are embeddings. */
export function cutMatrix(from: Space, dimensions: number): Float32Array {
  const matrix = new Float32Array(dimensions * from.dimensions)
  for (let row = 0; row < dimensions; row++) matrix[row * from.dimensions + row] = 1
  return matrix
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined // What is not JSON is no space either; the caller says so.
  }
}
