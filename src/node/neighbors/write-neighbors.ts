import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pMap from 'p-map'
import { hashOfId, type NeighborShard } from '../../vectors/neighbor-shard.js'
import { withFolderLock } from '../files/folder-lock.js'
import { outputFailed, writeFileAtomically } from '../files/write-file.js'
import type { NeighborLists } from './neighbor-lists.js'

export interface WrittenNeighbors {
  /** File names as the page's `neighbors` attribute has them behind the folder's URL: `{hash:3}.json`. */
  readonly template: string
  readonly files: number
  readonly bytes: number
  readonly largestFile: number
}

/** Most products in one file, on average: with lists of 24 that makes 20 kilobytes, with gzip a quarter of that. */
const productsPerFile = 32

/** More makes more files than a folder should have. */
const mostDigits = 4

/**
 * Writes neighbour lists into a folder, one JSON file for all ids whose hashes begin alike. Every such file is
 * written, also where it is empty, so that a product without neighbours is no missing file.
 * @throws SimilarItemsError `output-failed`; the signal's reason on abort.
 */
export async function writeNeighbors(
  out: string,
  lists: NeighborLists,
  signal?: AbortSignal,
): Promise<WrittenNeighbors> {
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw outputFailed(out, cause)
  })
  const digits = Math.min(mostDigits, Math.max(1, Math.ceil(Math.log2(lists.size / productsPerFile) / 4)))
  const shards = Array.from({ length: 16 ** digits }, (): number[] => [])
  for (let row = 0; row < lists.size; row++) {
    const hash = hashOfId(lists.ids[row] as string).slice(0, digits)
    shards[Number.parseInt(hash, 16)]?.push(row)
  }
  const writeShard = async (rows: readonly number[], number: number): Promise<number> => {
    signal?.throwIfAborted()
    const shard: NeighborShard = Object.fromEntries(rows.map((row) => [lists.ids[row], lists.get(row)]))
    const text = JSON.stringify(shard)
    await writeFileAtomically(join(out, `${number.toString(16).padStart(digits, '0')}.json`), text)
    return Buffer.byteLength(text)
  }
  const sizes = await withFolderLock(out, () => pMap(shards, writeShard, { concurrency: filesAtOnce }))
  return {
    template: `{hash:${digits}}.json`,
    files: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    largestFile: sizes.reduce((largest, size) => Math.max(largest, size)),
  }
}

const filesAtOnce = 16
