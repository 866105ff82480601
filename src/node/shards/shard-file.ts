import { readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import type { SkippedItem } from '../../types.js'
import { isMissing } from '../files/file-fetch.js'
import { writeFileAtomically } from '../files/write-file.js'
import { catalogName } from '../pack/catalog-file.js'
import type { OpenedPack } from '../pack/open-pack.js'
import type { Shard, ShardPlaces } from './shard.js'

/** Says which part of a catalogue is in a folder. */
export const shardFileName = 'shard.json'

/** What `merge` has to know of a part, beside its `catalog.json` and its pack. */
export interface ShardFile extends Shard, ShardPlaces {
  /** Name of the pack that this is about; empty until there is one. */
  readonly pack: string
  /** Name of the file of weights that made the vectors. */
  readonly weights: string
  /** Products whose picture cannot be used. */
  readonly skipped: readonly SkippedItem[]
}

/** @throws SimilarItemsError `output-failed`. */
export async function writeShardFile(folder: string, file: ShardFile): Promise<void> {
  await writeFileAtomically(join(folder, shardFileName), `${JSON.stringify({ format, ...file })}\n`)
}

/**
 * Marks a folder as that of a shard before there is anything else in it, so that one whose run ends early is never taken
 * for a whole catalogue. @throws SimilarItemsError `output-failed`.
 */
export async function claimShardFolder(
  folder: string,
  file: Omit<ShardFile, 'pack' | 'skipped'>,
): Promise<void> {
  if ((await readShardFile(folder)) === null) await writeShardFile(folder, { ...file, pack: '', skipped: [] })
}

/** For what is a whole catalogue from now on. */
export async function removeShardFile(folder: string): Promise<void> {
  await rm(join(folder, shardFileName), { force: true })
}

/**
 * What the folder of an opened pack says about its part; null where it is a whole catalogue.
 * @throws SimilarItemsError as `readShardFile`, and `pack-invalid` where the file is about another pack.
 */
export async function shardOf(folder: string, { path }: Pick<OpenedPack, 'path'>): Promise<ShardFile | null> {
  const file = await readShardFile(folder)
  if (!file || file.pack === basename(path)) return file
  const message = `${folder} has a ${shardFileName} that is not about its ${catalogName}. Index it again with --shard ${file.number}/${file.of}.`
  throw new SimilarItemsError('pack-invalid', message, { subject: folder })
}

/**
 * What a folder says about its part; null where it is none.
 * @throws SimilarItemsError `pack-invalid` for a file that `index --shard` has not written; the error of the file system.
 */
export async function readShardFile(folder: string): Promise<ShardFile | null> {
  const path = join(folder, shardFileName)
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as ShardFile & { format: unknown }
    if (file.format === format && isShardFile(file)) return file
  } catch (cause) {
    if (isMissing(cause)) return null
    if (!(cause instanceof SyntaxError)) throw cause
  }
  const message = `${path} does not say which shard this is. Index it again with --shard.`
  throw new SimilarItemsError('pack-invalid', message, { subject: path })
}

const format = 'similar-items-shard-1'

function isShardFile(file: Partial<Record<keyof ShardFile, unknown>>): boolean {
  const { number, of, total, positions, pictures, feed, pack, weights, skipped } = file
  return (
    [number, of, total].every(Number.isSafeInteger) &&
    [feed, pack, weights].every((text) => typeof text === 'string') &&
    isNumberList(positions) &&
    isNumberList(pictures) &&
    positions.length === pictures.length &&
    Array.isArray(skipped)
  )
}

function isNumberList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isSafeInteger)
}
