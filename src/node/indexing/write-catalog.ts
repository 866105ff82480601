import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileReference, PackReference } from '../../catalog/pack-reference.js'
import { sha256 } from '../../sha256.js'
import type { Product } from '../../types.js'
import { type Pack, writePack } from '../../vectors/pack.js'
import { isMissing } from '../files/file-fetch.js'
import { writeFileAtomically } from '../files/write-file.js'
import { catalogName, catalogText } from '../pack/catalog-file.js'
import type { ChosenProjection } from './choose-projection.js'

export const packPrefix = 'pack-'
export const projectionPrefix = 'projection-'

/** What a page loads: the items and the vectors of those that have one. */
export interface CatalogFiles {
  readonly items: readonly Product[]
  readonly pack: Pack
  readonly projection: ChosenProjection | null
  /** Content keys of the pictures that could not be used. */
  readonly unusable: readonly string[]
}

/**
 * Writes the pack and its projection under names made of their hashes, which may be cached for ever, then
 * `catalog.json`, which refers to them. Removes packs older than the one that was there before: pages that are open
 * may still ask for that.
 * @throws SimilarItemsError `output-failed`.
 */
export async function writeCatalog(
  out: string,
  { items, pack, projection, unusable }: CatalogFiles,
): Promise<PackReference> {
  const packBytes = writePack(pack)
  const packFile = await writeHashed(out, packPrefix, packBytes)
  const projectionFile = projection && (await writeHashed(out, projectionPrefix, projection.file))
  const reference: PackReference = {
    ...packFile,
    bytes: packBytes.length,
    count: pack.entries.length,
    space: pack.space,
    projection: projectionFile,
    unusable,
  }
  await writeFileAtomically(join(out, catalogName), catalogText(reference, items))
  await removeOlder(out, packPrefix, packFile.url)
  if (projectionFile) await removeOlder(out, projectionPrefix, projectionFile.url)
  return reference
}

/** Writes a file under a name made of its hash, unless it is there. @throws SimilarItemsError `output-failed`. */
export async function writeHashed(
  out: string,
  prefix: string,
  bytes: Uint8Array<ArrayBuffer>,
  extension = 'safetensors',
): Promise<FileReference> {
  const hash = await sha256(bytes)
  const url = `${prefix}${hash.slice(0, 16)}.${extension}`
  const path = join(out, url)
  const isThere = await stat(path).then(
    ({ size }) => size === bytes.length,
    (error: unknown) => {
      if (isMissing(error)) return false
      throw error
    },
  )
  if (!isThere) await writeFileAtomically(path, bytes)
  return { url, sha256: hash }
}

/** Keeps the current file and the newest of the others. */
async function removeOlder(out: string, prefix: string, current: string): Promise<void> {
  const names = (await readdir(out)).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.safetensors'),
  )
  const others = await Promise.all(
    names
      .filter((name) => name !== current)
      .map(async (name) => ({ name, time: (await stat(join(out, name))).mtimeMs })),
  )
  const outdated = others.sort((a, b) => b.time - a.time).slice(1)
  for (const { name } of outdated) await rm(join(out, name), { force: true })
}
