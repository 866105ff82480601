import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSimilarItemsError, SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { normalize } from '../../vectors/normalize.js'
import {
  cutMatrix,
  type Projection,
  type ProjectionMethod,
  readProjection,
  writeProjection,
} from '../../vectors/projection.js'
import { isMissing } from '../files/file-fetch.js'
import { catalogName, readCatalogFile } from '../pack/catalog-file.js'
import { chooseMean } from './catalog-mean.js'
import { fitPrincipalAxes } from './fit-projection.js'
import { projectionPrefix } from './write-catalog.js'

/**
 * How vectors are projected. `pca` fits the principal axes of the catalogue. `cut` keeps the first numbers, for encoders
 * that were trained for it. `file` applies a projection that `tune` wrote, all of it or its first dimensions.
 */
export type ProjectionChoice =
  | { readonly kind: 'pca'; readonly dimensions: number }
  | { readonly kind: 'cut'; readonly dimensions: number }
  | { readonly kind: 'file'; readonly path: string; readonly dimensions?: number | undefined }

export interface ProjectionOptions {
  /** Default: vectors keep the encoder's dimensions. */
  readonly projection?: ProjectionChoice | undefined
  /**
   * Whether the mean of the catalogue's vectors is subtracted first: lists of similar items gain a little, most in
   * trades that the encoder does not know, and photo search loses more (test/bench/results/centering.json). A file of
   * `tune` says itself whether it is. Default false.
   */
  readonly center?: boolean | undefined
  /**
   * Fits mean and axes anew. Default: those of the run before are kept, so that shoppers keep their vectors, as long as
   * the mean of the catalogue has not moved far from them.
   */
  readonly refit?: boolean | undefined
}

export interface ChosenProjection {
  readonly file: Uint8Array<ArrayBuffer>
  readonly projection: Projection
}

/** @throws SimilarItemsError `invalid-argument` for options that contradict each other. */
export function assertProjectionOptions({ projection, center, refit }: ProjectionOptions): void {
  const invalid = (message: string) => new SimilarItemsError('invalid-argument', message)
  if (projection?.kind === 'file' && center !== undefined) {
    throw invalid(
      'A tuned projection says itself whether vectors are centered: tune with a pack that is, or is not.',
    )
  }
  const fits = projection?.kind === 'pca' || center === true
  if (refit && !fits)
    throw invalid(
      'There is nothing to refit: neither a mean nor principal axes are fitted. Give --center or --dims.',
    )
}

/**
 * The projection for vectors of `from`, or null where they stay as they are.
 * @param out the folder of the run before.
 * @throws SimilarItemsError `invalid-argument`; for a file `pack-unreachable`, `pack-invalid`, and `space-mismatch`
 * where it is for vectors of another space.
 */
export async function chooseProjection(
  { projection: choice, center, refit }: ProjectionOptions,
  from: Space,
  vectors: readonly Float32Array[],
  out: string,
): Promise<ChosenProjection | null> {
  if (choice?.kind === 'file') return readChosen(choice.path, from, choice.dimensions)
  const earlier = refit ? null : await readEarlier(out, from)
  const mean = center ? chooseMean(vectors, earlier?.projection.mean ?? null) : null
  if (choice?.kind === 'pca') {
    const { dimensions } = choice
    if (earlier && isFitOf(earlier.projection, mean, dimensions)) return earlier
    const axes = fitPrincipalAxes(mean ? centered(vectors, mean) : vectors, dimensions)
    return toChosen(from, axes, 'pca', mean)
  }
  if (choice) return toChosen(from, cutMatrix(from, choice.dimensions), 'cut', mean)
  return mean && toChosen(from, null, 'center', mean)
}

/** Whether these are the principal axes that were fitted with this mean, as many as are wanted. */
function isFitOf(projection: Projection, mean: Float32Array | null, dimensions: number): boolean {
  return projection.method === 'pca' && projection.to.dimensions === dimensions && projection.mean === mean
}

/** The directions that are left of unit vectors. */
function centered(vectors: readonly Float32Array[], mean: Float32Array): Float32Array[] {
  return vectors.map((vector) =>
    normalize(vector.map((component, index) => component - (mean[index] as number))),
  )
}

/**
 * Refuses, before anything is encoded, dimensions that cannot be had and a file that cannot be used.
 * @param count how many vectors there can be.
 * @throws SimilarItemsError `invalid-argument`, and what `chooseProjection` throws for a file.
 */
export async function assertProjectable(
  choice: ProjectionChoice | undefined,
  from: Space,
  count: number,
): Promise<void> {
  if (!choice) return
  const { kind, dimensions } = choice
  if (dimensions !== undefined && dimensions > from.dimensions) {
    const message = `--dims ${dimensions} is more than the model's ${from.dimensions} dimensions; give fewer.`
    throw new SimilarItemsError('invalid-argument', message)
  }
  if (kind === 'file') await readChosen(choice.path, from, dimensions)
  if (kind === 'pca' && choice.dimensions > count) {
    throw new SimilarItemsError(
      'invalid-argument',
      `${choice.dimensions} principal axes need as many pictures; the feed has ${count}. Give fewer dimensions, or --projection cut.`,
    )
  }
}

async function toChosen(
  from: Space,
  matrix: Float32Array | null,
  method: ProjectionMethod,
  mean: Float32Array | null,
): Promise<ChosenProjection> {
  const file = writeProjection(from, matrix, method, mean)
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
  const { to, mean, matrix } = projection
  if (dimensions === undefined || dimensions === to.dimensions) return { file, projection }
  if (dimensions > to.dimensions) {
    throw new SimilarItemsError(
      'invalid-argument',
      `The projection ${path} has ${to.dimensions} dimensions; ${dimensions} cannot be kept of them.`,
      { subject: path },
    )
  }
  if (!matrix) return toChosen(from, cutMatrix(from, dimensions), 'cut', mean)
  return toChosen(from, matrix.slice(0, dimensions * from.dimensions), 'tuned', mean)
}

function throwUnreachable(path: string, cause: unknown): never {
  const message = `The projection ${path} cannot be read. Check the path.`
  throw new SimilarItemsError('pack-unreachable', message, { cause, subject: path })
}

/** The projection that the catalogue in the folder refers to, where there is one for vectors of `from`. */
async function readEarlier(out: string, from: Space): Promise<ChosenProjection | null> {
  try {
    const { pack } = await readCatalogFile(join(out, catalogName), null)
    const url = (pack as { projection?: { url?: unknown } } | null | undefined)?.projection?.url
    if (typeof url !== 'string' || !url.startsWith(projectionPrefix) || url.includes('/')) return null
    const file = new Uint8Array(await readFile(join(out, url)))
    const projection = await readProjection(file, url)
    return projection.from.fingerprint === from.fingerprint ? { file, projection } : null
  } catch (error) {
    // What is damaged is made anew.
    const isDamaged =
      isSimilarItemsError(error, 'catalog-invalid') || isSimilarItemsError(error, 'pack-invalid')
    if (isMissing(error) || isDamaged) return null
    throw error
  }
}
