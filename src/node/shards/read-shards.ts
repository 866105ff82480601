import { contentKey } from '../../catalog/content-key.js'
import { SimilarItemsError } from '../../errors.js'
import type { Product, SkippedItem, Space } from '../../types.js'
import { decodeVector, type EncodedVectors } from '../../vectors/encoded-vectors.js'
import type { ChosenProjection } from '../indexing/choose-projection.js'
import { type OpenedPack, openPack } from '../pack/open-pack.js'
import { shardNumberOf } from './shard.js'
import { readShardFile, type ShardFile, shardFileName, shardOf } from './shard-file.js'

/** What one folder has of a catalogue. */
export interface ReadShard {
  readonly folder: string
  readonly file: ShardFile
}

/** All parts of a catalogue put together again, in the order of the feed. */
export interface ReadShards {
  readonly items: readonly Product[]
  /** Those whose picture has a vector, with these vectors; products with one picture share one. */
  readonly encoded: readonly Product[]
  readonly vectors: readonly Float32Array[]
  readonly space: Space
  /** What the shards were projected with; null where nothing was. */
  readonly projection: ChosenProjection | null
  /** Content keys of pictures that could not be used. */
  readonly unusable: readonly string[]
  readonly skipped: readonly SkippedItem[]
}

/**
 * What the folders say they are, by number: all parts of one feed, each once, encoded with the same weights.
 * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`, naming the folder that does not fit.
 */
export async function findShards(folders: readonly string[]): Promise<readonly ReadShard[]> {
  const found: ReadShard[] = []
  for (const folder of folders) {
    const file = await readShardFile(folder)
    if (!file?.pack) {
      const message = `${folder} has no ${shardFileName}: it is no shard, or one that did not get to its end. Run \`index\` with its --shard again.`
      throw new SimilarItemsError('pack-unreachable', message, { subject: folder })
    }
    found.push({ folder, file })
  }
  const [first, ...others] = found.sort((a, b) => a.file.number - b.file.number)
  if (!first) throw new SimilarItemsError('invalid-argument', 'There are no shards to merge.')
  for (const [index, other] of others.entries()) assertFits(found[index] as ReadShard, other)
  const { of } = first.file
  const there = new Set(found.map(({ file }) => file.number))
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((number) => !there.has(number))
  if (missing.length > 0) {
    const names = missing.slice(0, 10).map((number) => `${number}/${of}`)
    const rest = missing.length > 10 ? ` and ${missing.length - 10} more` : ''
    const message = `${missing.length} of ${of} shards ${missing.length === 1 ? 'is' : 'are'} missing: ${names.join(', ')}${rest}. Name their folders too.`
    throw new SimilarItemsError('pack-unreachable', message)
  }
  return found
}

function assertFits(one: ReadShard, other: ReadShard): void {
  const [a, b] = [one.file, other.file]
  const refuse = (what: string) => {
    return new SimilarItemsError('pack-invalid', what, { subject: other.folder })
  }
  const both = `${one.folder} and ${other.folder}`
  if (a.of !== b.of) throw refuse(`${both} are of ${a.of} shards and of ${b.of}. Take shards of one number.`)
  if (a.feed !== b.feed || a.total !== b.total) {
    throw refuse(
      `${both} were made of different feeds, of ${a.total} and ${b.total} products, or with other options. Index the ` +
        'one that is out of date again, with the feed of the others: what is encoded stays.',
    )
  }
  if (a.weights !== b.weights) {
    throw refuse(
      `${both} were encoded with different weights, ${a.weights} and ${b.weights}. Index one of them again, with ` +
        'the --precision and the packages of the others.',
    )
  }
  if (a.number === b.number) throw refuse(`${both} are both shard ${a.number}/${a.of}. Name one of them.`)
}

/**
 * The content of shards that fit together. A picture that one shard could not use and another could has a vector.
 * @throws SimilarItemsError `space-mismatch`, and as `openPack`.
 */
export async function readShards(shards: readonly ReadShard[]): Promise<ReadShards> {
  const total = shards[0]?.file.total ?? 0
  const places: (Place | undefined)[] = Array.from({ length: total })
  const vectors = new Map<number, Float32Array>()
  let first: OpenedFolder | undefined
  for (const { folder, file } of shards) {
    const opened = await openShard(folder, file)
    first ??= { folder, opened }
    assertOneSpace(first, { folder, opened })
    const rows = new Map(opened.pack.entries.map(({ id }, row) => [id, row]))
    const broken = new Set(opened.unusable)
    for (const [index, product] of [...opened.products.values()].entries()) {
      const picture = file.pictures[index] as number
      places[file.positions[index] as number] = {
        product,
        picture,
        isBroken: broken.has(contentKey(product)),
      }
      const row = rows.get(product.id)
      if (row !== undefined && !vectors.has(picture)) vectors.set(picture, rowOf(opened.pack.vectors, row))
    }
  }
  const whole = places.filter((place) => place !== undefined)
  if (!first || whole.length !== total) throw incomplete(whole.length, total)
  const encoded = whole.filter(({ picture }) => vectors.has(picture))
  const { pack, projection, projectionFile } = first.opened
  return {
    items: whole.map(({ product }) => product),
    encoded: encoded.map(({ product }) => product),
    vectors: encoded.map(({ picture }) => vectors.get(picture) as Float32Array),
    space: pack.space,
    projection: projection && projectionFile && { projection, file: projectionFile },
    unusable: whole
      .filter(({ picture, isBroken }) => isBroken && !vectors.has(picture))
      .map(({ product }) => contentKey(product)),
    skipped: skippedOf(shards, new Set(encoded.map(({ product }) => product.id))),
  }
}

/** A product where it stands in the feed. */
interface Place {
  readonly product: Product
  readonly picture: number
  readonly isBroken: boolean
}

/** Opens the part of a folder. @throws SimilarItemsError `pack-invalid` where its files do not belong together. */
async function openShard(folder: string, file: ShardFile): Promise<OpenedPack> {
  const opened = await openPack(folder)
  await shardOf(folder, opened)
  const { number, of, positions, total } = file
  const ids = [...opened.products.keys()]
  const isOwn =
    ids.length === positions.length &&
    ids.every((id) => shardNumberOf(id, of) === number) &&
    positions.every((position) => position >= 0 && position < total)
  if (isOwn) return opened
  const message = `${folder} has products of other shards than ${number}/${of}. Index it again.`
  throw new SimilarItemsError('pack-invalid', message, { subject: folder })
}

interface OpenedFolder {
  readonly folder: string
  readonly opened: OpenedPack
}

function assertOneSpace(one: OpenedFolder, other: OpenedFolder): void {
  const [a, b] = [one.opened.pack.space, other.opened.pack.space]
  if (a.fingerprint === b.fingerprint) return
  throw new SimilarItemsError(
    'space-mismatch',
    `${one.folder} has vectors of space "${a.fingerprint}" and ${other.folder} of space "${b.fingerprint}": they were ` +
      'made with other models or projections. Index one of them again.',
    { subject: other.folder },
  )
}

/** The vector itself, not a copy, where it is stored as it is. */
function rowOf(vectors: EncodedVectors, row: number): Float32Array {
  const { dimensions } = vectors
  if (vectors.format !== 'float32') return decodeVector(vectors, row)
  return vectors.data.subarray(row * dimensions, (row + 1) * dimensions)
}

function skippedOf(shards: readonly ReadShard[], encoded: ReadonlySet<string>): SkippedItem[] {
  return shards.flatMap(({ file }) => file.skipped).filter(({ id }) => !encoded.has(id))
}

function incomplete(found: number, total: number): SimilarItemsError {
  const message = `The shards have ${found} of the ${total} products of their feed. Index them again.`
  return new SimilarItemsError('pack-invalid', message)
}
