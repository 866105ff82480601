import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parsePackReference } from '../catalog/pack-reference.js'
import { SimilarItemsError } from '../errors.js'
import type { Product } from '../types.js'
import { type Pack, readPack } from '../vectors/pack.js'
import { type Projection, readProjection } from '../vectors/projection.js'
import { isMissing } from './file-fetch.js'
import { catalogName } from './write-catalog.js'

export interface OpenedPack {
  readonly pack: Pack
  /** Path of the pack. */
  readonly path: string
  readonly bytes: number
  /** What takes an encoder's vectors to the pack's; null where that is nothing, or not known. */
  readonly projection: Projection | null
  /** By id; empty where only the pack is known. */
  readonly products: ReadonlyMap<string, Product>
}

/**
 * Opens a pack on disk.
 * @param location path of a pack, or of a folder that `indexCatalog` wrote: only there are products and the
 * projection known.
 * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`, `catalog-invalid`.
 */
export async function openPack(location: string): Promise<OpenedPack> {
  if (!(await isFolder(location))) {
    const file = await read(location)
    return {
      pack: readPack(file, location),
      path: location,
      bytes: file.length,
      projection: null,
      products: new Map(),
    }
  }
  const catalogPath = join(location, catalogName)
  const catalog = parseCatalogFile(await read(catalogPath), catalogPath)
  const reference = parsePackReference(catalog.pack, 'file:///')
  if (!reference) {
    throw new SimilarItemsError('pack-invalid', `${catalogPath} refers to no pack.`, { subject: catalogPath })
  }
  const pathOf = (url: string) => join(location, decodeURIComponent(new URL(url).pathname))
  const path = pathOf(reference.url)
  const file = await read(path)
  const { projection } = reference
  return {
    pack: readPack(file, path),
    path,
    bytes: file.length,
    projection:
      projection && (await readProjection(await read(pathOf(projection.url)), pathOf(projection.url))),
    products: new Map(catalog.items.map((product) => [product.id, product])),
  }
}

function parseCatalogFile(file: Uint8Array, path: string): { pack: unknown; items: readonly Product[] } {
  try {
    const { pack, items } = JSON.parse(Buffer.from(file).toString('utf8'))
    if (Array.isArray(items)) return { pack, items }
  } catch (cause) {
    throw new SimilarItemsError('catalog-invalid', `${path} is not JSON.`, { cause, subject: path })
  }
  throw new SimilarItemsError(
    'catalog-invalid',
    `${path} has no items. Write it with \`similar-items index\`.`,
    {
      subject: path,
    },
  )
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return Uint8Array.from(await readFile(path))
  } catch (cause) {
    const why = isMissing(cause) ? 'does not exist' : 'cannot be read'
    throw new SimilarItemsError('pack-unreachable', `${path} ${why}.`, { cause, subject: path })
  }
}
