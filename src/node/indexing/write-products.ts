import { contentKey } from '../../catalog/content-key.js'
import type { PackReference } from '../../catalog/pack-reference.js'
import type { Product, Space } from '../../types.js'
import { encodeRows, type VectorFormat } from '../../vectors/encoded-vectors.js'
import { project } from '../../vectors/projection.js'
import type { ChosenProjection } from './choose-projection.js'
import { writeCatalog } from './write-catalog.js'

/** The vectors of a pack, made one by one. */
export interface PackRows {
  readonly space: Space
  vectorOf(row: number): Float32Array
}

export interface EncodedProducts {
  /** All products, as pages get them. */
  readonly items: readonly Product[]
  /** Those that have a vector, in the order of `rows`. */
  readonly encoded: readonly Product[]
  readonly rows: PackRows
  /** What led to the space of `rows`; null where that is the encoder's. */
  readonly projection: ChosenProjection | null
  readonly format: VectorFormat
  /** Content keys of pictures that cannot be used. */
  readonly unusable: readonly string[]
}

/** Vectors of `from` as a pack has them: projected, where that is wanted. */
export function packRows(
  vectors: readonly Float32Array[],
  from: Space,
  chosen: ChosenProjection | null,
): PackRows {
  const stored = (row: number) => vectors[row] as Float32Array
  if (!chosen) return { space: from, vectorOf: stored }
  const { projection } = chosen
  return {
    space: projection.to,
    vectorOf: (row) => project(projection, { space: from, vector: stored(row) }).vector,
  }
}

/** Writes the catalogue of products that have been encoded. @throws SimilarItemsError `output-failed`. */
export async function writeProducts(
  out: string,
  { items, encoded, rows, projection, format, unusable }: EncodedProducts,
): Promise<PackReference> {
  const { space } = rows
  const pack = {
    space,
    entries: encoded.map((item) => ({ id: item.id, contentKey: contentKey(item) })),
    vectors: encodeRows(encoded.length, space.dimensions, format, (row) => rows.vectorOf(row)),
  }
  return writeCatalog(out, { items, pack, projection, unusable })
}
