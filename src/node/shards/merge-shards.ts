import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import type { SkippedItem, Space } from '../../types.js'
import type { VectorFormat } from '../../vectors/encoded-vectors.js'
import { withFolderLock } from '../files/folder-lock.js'
import { outputFailed } from '../files/write-file.js'
import {
  assertProjectable,
  assertProjectionOptions,
  type ChosenProjection,
  chooseProjection,
  type ProjectionOptions,
} from '../indexing/choose-projection.js'
import { journalName } from '../indexing/index-catalog.js'
import { type PackRows, packRows, writeProducts } from '../indexing/write-products.js'
import { mergeJournals } from './merge-journals.js'
import { findShards, type ReadShard, type ReadShards, readShards } from './read-shards.js'

export interface MergeOptions extends ProjectionOptions {
  /** Folders that `indexCatalog` wrote with `shard`, in any order. */
  readonly shards: readonly string[]
  /** Folder for the whole catalogue. */
  readonly out: string
  /** Number format of the pack. Default `int8`. */
  readonly format?: VectorFormat | undefined
  readonly signal?: AbortSignal | undefined
}

export interface MergeReport {
  /** Products with a vector in the pack. */
  readonly products: number
  /** Products whose picture cannot be used. */
  readonly skipped: readonly SkippedItem[]
  /** Name of the pack in the output folder. */
  readonly pack: string
  readonly packBytes: number
  readonly space: Space
  /** Whether the next run of `indexCatalog` into the folder encodes only what is new. */
  readonly hasJournal: boolean
}

/**
 * Makes one catalogue of the parts that several machines have encoded: the files that `indexCatalog` would have written
 * alone, to the byte where the machines compute alike. Mean and principal axes are those of the whole catalogue.
 * @throws SimilarItemsError `pack-unreachable` for a part that is missing, `pack-invalid` for one that is given twice or
 * belongs to another feed, `space-mismatch` for one of another model, `invalid-argument`, `output-failed`; the signal's
 * reason on abort.
 */
export async function mergeShards(options: MergeOptions): Promise<MergeReport> {
  const { out, shards, format = 'int8', signal } = options
  assertProjectionOptions(options)
  const found = await findShards(shards)
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw outputFailed(out, cause)
  })
  await assertElsewhere(out, shards)
  return withFolderLock(out, async () => {
    const whole = await readShards(found)
    signal?.throwIfAborted()
    const { items, encoded, unusable, skipped } = whole
    if (encoded.length === 0) throw nothingEncoded(whole)
    const { rows, projection } = await rowsOf(whole, options)
    const pack = await writeProducts(out, { items, encoded, rows, projection, format, unusable })
    const journals = found.map(({ folder }) => join(folder, journalName))
    const source = {
      space: (whole.projection?.projection.from ?? whole.space).fingerprint,
      weights: (found[0] as ReadShard).file.weights,
    }
    const hasJournal = await mergeJournals(journals, join(out, journalName), source, signal)
    const { url, bytes, space } = pack
    return { products: encoded.length, skipped, pack: url, packBytes: bytes, space, hasJournal }
  })
}

/** The vectors of all, projected in a way that is fitted to all, unless the shards were projected before. */
async function rowsOf(
  { vectors, space, projection: given, items }: ReadShards,
  options: MergeOptions,
): Promise<{ rows: PackRows; projection: ChosenProjection | null }> {
  if (given) {
    const { projection, center, refit } = options
    if (projection === undefined && center === undefined && !refit) {
      return { rows: packRows(vectors, space, null), projection: given }
    }
    const message =
      'The shards were projected when they were indexed. Leave out what would project them again.'
    throw new SimilarItemsError('invalid-argument', message)
  }
  await assertProjectable(options.projection, space, items.length)
  const projection = await chooseProjection(options, space, vectors, options.out)
  return { rows: packRows(vectors, space, projection), projection }
}

/** @throws SimilarItemsError `invalid-argument` where a shard would be overwritten by the whole. */
async function assertElsewhere(out: string, shards: readonly string[]): Promise<void> {
  const target = await realpath(out)
  for (const shard of shards) {
    if ((await realpath(shard)) !== target) continue
    const message = `${out} is one of the shards. Merge them into another folder, so that they can be indexed again.`
    throw new SimilarItemsError('invalid-argument', message)
  }
}

function nothingEncoded({ skipped }: ReadShards): SimilarItemsError {
  const why = skipped[0] ? ` The first of ${skipped.length}: ${skipped[0].reason}` : ''
  return new SimilarItemsError('catalog-invalid', `No product of the shards has a usable picture.${why}`)
}
