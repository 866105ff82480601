import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import { cutMatrix, type Projection, readProjection, writeProjection } from '../vectors/projection.js'
import { catalogName, readCatalogFile } from './catalog-file.js'
import { isMissing } from './file-fetch.js'
import { fitPrincipalAxes } from './fit-projection.js'
import { projectionPrefix } from './write-catalog.js'

/**
 * How vectors get fewer dimensions. `pca` fits the principal axes of the catalogue; they are kept for the following
 * runs, so that shoppers keep their vectors, until `refit` asks for new ones. `cut` keeps the first numbers, for
 * encoders that were trained for it.
 */
export interface ProjectionChoice {
  readonly kind: 'pca' | 'cut'
  readonly dimensions: number
  readonly refit?: boolean | undefined
}

export interface ChosenProjection {
  readonly file: Uint8Array<ArrayBuffer>
  readonly projection: Projection
}

/** The projection for vectors of `from`, or null where none is asked for. @throws SimilarItemsError `invalid-argument`. */
export async function chooseProjection(
  choice: ProjectionChoice | undefined,
  from: Space,
  vectors: readonly Float32Array[],
  out: string,
): Promise<ChosenProjection | null> {
  if (!choice) return null
  const { kind, dimensions, refit = false } = choice
  const earlier = kind === 'pca' && !refit ? await readEarlier(out, from, dimensions) : null
  if (earlier) return earlier
  const matrix = kind === 'pca' ? fitPrincipalAxes(vectors, dimensions) : cutMatrix(from, dimensions)
  const file = writeProjection(from, matrix)
  return { file, projection: await readProjection(file, projectionPrefix) }
}

/** The projection that the catalogue in the folder refers to, where it fits. */
async function readEarlier(out: string, from: Space, dimensions: number): Promise<ChosenProjection | null> {
  try {
    const { pack } = await readCatalogFile(join(out, catalogName), null)
    const url = (pack as { projection?: { url?: unknown } } | null | undefined)?.projection?.url
    if (typeof url !== 'string' || !url.startsWith(projectionPrefix) || url.includes('/')) return null
    const file = new Uint8Array(await readFile(join(out, url)))
    const projection = await readProjection(file, url)
    const fits = projection.from.fingerprint === from.fingerprint && projection.to.dimensions === dimensions
    return fits ? { file, projection } : null
  } catch (error) {
    if (isMissing(error) || isSimilarItemsError(error, 'catalog-invalid')) return null
    throw error
  }
}
