import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSimilarItemsError, SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import {
  cutMatrix,
  type Projection,
  type ProjectionMethod,
  readProjection,
  writeProjection,
} from '../vectors/projection.js'
import { catalogName, readCatalogFile } from './catalog-file.js'
import { isMissing } from './file-fetch.js'
import { fitPrincipalAxes } from './fit-projection.js'
import { projectionPrefix } from './write-catalog.js'

/**
 * How vectors are projected. `pca` fits the principal axes of the catalogue; they are kept for the following runs, so
 * that shoppers keep their vectors, until `refit` asks for new ones. `cut` keeps the first numbers, for encoders that
 * were trained for it. `file` applies a projection that `tune` wrote, all of it or its first dimensions.
 */
export type ProjectionChoice =
  | { readonly kind: 'pca'; readonly dimensions: number; readonly refit?: boolean | undefined }
  | { readonly kind: 'cut'; readonly dimensions: number }
  | { readonly kind: 'file'; readonly path: string; readonly dimensions?: number | undefined }

export interface ChosenProjection {
  readonly file: Uint8Array<ArrayBuffer>
  readonly projection: Projection
}

/**
 * The projection for vectors of `from`, or null where none is asked for.
 * @throws SimilarItemsError `invalid-argument`; for a file `pack-unreachable`, `pack-invalid`, and `space-mismatch`
 * where it is for vectors of another space.
 */
export async function chooseProjection(
  choice: ProjectionChoice | undefined,
  from: Space,
  vectors: readonly Float32Array[],
  out: string,
): Promise<ChosenProjection | null> {
  if (!choice) return null
  switch (choice.kind) {
    case 'pca': {
      const earlier = choice.refit ? null : await readEarlier(out, from, choice.dimensions)
      return earlier ?? toChosen(from, fitPrincipalAxes(vectors, choice.dimensions), 'pca')
    }
    case 'cut':
      return toChosen(from, cutMatrix(from, choice.dimensions), 'cut')
    case 'file':
      return readChosen(choice.path, from, choice.dimensions)
  }
}

/**
 * Refuses, before anything is encoded, dimensions that cannot be had.
 * @param count how many vectors there can be.
 * @throws SimilarItemsError `invalid-argument`.
 */
export function assertProjectable(choice: ProjectionChoice | undefined, from: Space, count: number): void {
  if (choice?.dimensions === undefined) return
  const { kind, dimensions } = choice
  if (dimensions > from.dimensions) {
    const message = `--dims ${dimensions} is more than the model's ${from.dimensions} dimensions; give fewer.`
    throw new SimilarItemsError('invalid-argument', message)
  }
  if (kind === 'pca' && dimensions > count) {
    throw new SimilarItemsError(
      'invalid-argument',
      `${dimensions} principal axes need as many pictures; the feed has ${count}. Give fewer dimensions, or --projection cut.`,
    )
  }
}

async function toChosen(
  from: Space,
  matrix: Float32Array,
  method: ProjectionMethod,
): Promise<ChosenProjection> {
  const file = writeProjection(from, matrix, method)
  return { file, projection: await readProjection(file, projectionPrefix) }
}

async function readChosen(path: string, from: Space, dimensions?: number): Promise<ChosenProjection> {
  const file = new Uint8Array(await readFile(path).catch((cause: unknown) => throwUnreachable(path, cause)))
  const projection = await readProjection(file, path)
  if (projection.from.fingerprint !== from.fingerprint) {
    throw new SimilarItemsError(
      'space-mismatch',
      `The projection ${path} is for vectors of space "${projection.from.fingerprint}", but the model makes vectors ` +
        `of space "${from.fingerprint}". Tune with a pack of this model.`,
      { subject: path },
    )
  }
  const { to, matrix } = projection
  if (dimensions === undefined || dimensions === to.dimensions) return { file, projection }
  if (dimensions > to.dimensions) {
    throw new SimilarItemsError(
      'invalid-argument',
      `The projection ${path} has ${to.dimensions} dimensions; ${dimensions} cannot be kept of them.`,
      { subject: path },
    )
  }
  return toChosen(from, matrix.slice(0, dimensions * from.dimensions), 'tuned')
}

function throwUnreachable(path: string, cause: unknown): never {
  const message = `The projection ${path} cannot be read. Check the path.`
  throw new SimilarItemsError('pack-unreachable', message, { cause, subject: path })
}

/** The principal axes that the catalogue in the folder refers to, where they fit. */
async function readEarlier(out: string, from: Space, dimensions: number): Promise<ChosenProjection | null> {
  try {
    const { pack } = await readCatalogFile(join(out, catalogName), null)
    const url = (pack as { projection?: { url?: unknown } } | null | undefined)?.projection?.url
    if (typeof url !== 'string' || !url.startsWith(projectionPrefix) || url.includes('/')) return null
    const file = new Uint8Array(await readFile(join(out, url)))
    const projection = await readProjection(file, url)
    const { method, to } = projection
    const isSame = method === 'pca' && to.dimensions === dimensions
    return isSame && projection.from.fingerprint === from.fingerprint ? { file, projection } : null
  } catch (error) {
    if (isMissing(error) || isSimilarItemsError(error, 'catalog-invalid')) return null
    throw error
  }
}
