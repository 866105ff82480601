import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hashOfId, type NeighborList, type NeighborShard } from '../vectors/neighbor-shard.js'
import { outputFailed, writeFileAtomically } from './write-file.js'

export interface WrittenNeighbors {
  /** File names as the page's `neighbors` attribute has them behind the folder's URL: `{hash:3}.json`. */
  readonly template: string
  readonly files: number
  readonly bytes: number
  readonly largestFile: number
}

/** Products in one file, on average: with lists of 24 that makes a few kilobytes. */
const productsPerFile = 8

/**
 * Writes neighbour lists into a folder, one JSON file for all ids whose hashes begin alike. Every such file is
 * written, also where it is empty, so that a product without neighbours is no missing file.
 * @throws SimilarItemsError `output-failed`.
 */
export async function writeNeighbors(
  out: string,
  lists: ReadonlyMap<string, NeighborList>,
): Promise<WrittenNeighbors> {
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw outputFailed(out, cause)
  })
  const digits = Math.min(4, Math.max(1, Math.ceil(Math.log2(lists.size / productsPerFile) / 4)))
  const shards = new Map<string, [string, NeighborList][]>()
  for (let number = 0; number < 16 ** digits; number++)
    shards.set(number.toString(16).padStart(digits, '0'), [])
  for (const entry of lists) shards.get(hashOfId(entry[0]).slice(0, digits))?.push(entry)
  let bytes = 0
  let largestFile = 0
  for (const [name, entries] of shards) {
    const shard: NeighborShard = Object.fromEntries(entries)
    const text = JSON.stringify(shard)
    await writeFileAtomically(join(out, `${name}.json`), text)
    bytes += Buffer.byteLength(text)
    largestFile = Math.max(largestFile, Buffer.byteLength(text))
  }
  return { template: `{hash:${digits}}.json`, files: shards.size, bytes, largestFile }
}
