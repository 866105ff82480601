import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type PackReference, parsePackReference } from '../../catalog/pack-reference.js'
import { SimilarItemsError } from '../../errors.js'
import { sha256 } from '../../sha256.js'
import type { Product } from '../../types.js'
import { type Pack, readPack } from '../../vectors/pack.js'
import { type Projection, readProjection } from '../../vectors/projection.js'
import { isMissing } from '../files/file-fetch.js'
import { catalogName, readCatalogFile } from './catalog-file.js'

export interface OpenedPack {
  readonly pack: Pack
  /** Path of the pack. */
  readonly path: string
  /** Its folder, where relative links of products begin. */
  readonly folder: string
  readonly bytes: number
  /** What takes an encoder's vectors to the pack's; null where that is nothing, or not known. */
  readonly projection: Projection | null
  /** The file that says so. */
  readonly projectionFile: Uint8Array<ArrayBuffer> | null
  /** Content keys of pictures that could not be used. */
  readonly unusable: readonly string[]
  /** By id; empty where only the pack is known. */
  readonly products: ReadonlyMap<string, Product>
}

export interface OpenPackOptions {
  /** Attributes of products that are wanted beside `id`, `title` and `image_link`; null for no products. Default: all. */
  readonly attributes?: readonly string[] | null | undefined
}

/**
 * Opens a pack on disk; in a folder it has to be the one that `catalog.json` describes.
 * @param location path of a pack, or of a folder that `indexCatalog` wrote: only there are products and the
 * projection known.
 * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`, `catalog-invalid`.
 */
export async function openPack(location: string, options: OpenPackOptions = {}): Promise<OpenedPack> {
  if (!(await isFolder(location))) {
    const file = await read(location)
    assertNoText(file, location)
    return {
      pack: readPack(file, location),
      path: location,
      folder: dirname(location),
      bytes: file.length,
      projection: null,
      projectionFile: null,
      unusable: [],
      products: new Map(),
    }
  }
  const catalogPath = join(location, catalogName)
  const keep = keeperOf(options.attributes)
  const catalog = await readCatalogFile(catalogPath, keep).catch((cause: unknown) => {
    throw cause instanceof SimilarItemsError ? cause : unreachable(catalogPath, cause, indexed)
  })
  const reference = parsePackReference(catalog.pack, 'file:///')
  if (!reference) {
    throw new SimilarItemsError('pack-invalid', `${catalogPath} refers to no pack.`, { subject: catalogPath })
  }
  const pathOf = (url: string) => join(location, decodeURIComponent(new URL(url).pathname))
  const path = pathOf(reference.url)
  const file = await read(path)
  const { projection, unusable } = reference
  const projectionPath = projection && pathOf(projection.url)
  const projectionFile = projectionPath ? await read(projectionPath) : null
  return {
    pack: await readReferred(file, path, reference),
    path,
    folder: location,
    bytes: file.length,
    projection: projectionFile && (await readProjection(projectionFile, projectionPath as string)),
    projectionFile,
    unusable,
    products: new Map(catalog.items.map((product) => [product.id, product])),
  }
}

/** Reads the pack of a catalogue. @throws SimilarItemsError `pack-invalid`, also where it is another than was meant. */
async function readReferred(
  file: Uint8Array<ArrayBuffer>,
  path: string,
  reference: PackReference,
): Promise<Pack> {
  const compare = (what: string, found: string | number, stated: string | number) => {
    if (found === stated) return
    const message = `${path} is not the pack that ${catalogName} describes: its ${what} is ${found}, not ${stated}. Index the folder again.`
    throw new SimilarItemsError('pack-invalid', message, { subject: path })
  }
  compare('size in bytes', file.length, reference.bytes)
  compare('sha256', await sha256(file), reference.sha256)
  const pack = readPack(file, path)
  compare('number of vectors', pack.entries.length, reference.count)
  compare('space', pack.space.fingerprint, reference.space.fingerprint)
  return pack
}

function keeperOf(attributes: OpenPackOptions['attributes']): ((product: Product) => Product) | null {
  if (attributes === null) return null
  if (attributes === undefined) return (product) => product
  return (product) => {
    const { id, title, image_link } = product
    const wanted = Object.fromEntries(attributes.map((name) => [name, product[name]]))
    return { ...wanted, id, title, image_link }
  }
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
    const { buffer, byteOffset, length } = await readFile(path)
    return new Uint8Array(buffer, byteOffset, length)
  } catch (cause) {
    throw unreachable(path, cause)
  }
}

function unreachable(path: string, cause: unknown, hint = ''): SimilarItemsError {
  const why = isMissing(cause) ? 'does not exist' : 'cannot be read'
  return new SimilarItemsError('pack-unreachable', `${path} ${why}.${hint}`, { cause, subject: path })
}

/** @throws SimilarItemsError `pack-invalid` for a feed or a `catalog.json` that was named in the place of its folder. */
function assertNoText(file: Uint8Array, path: string): void {
  // A pack begins with the length of its header, in eight bytes of which the last is zero.
  const isText = file[7] !== 0 && /^\s*[[{<]/.test(new TextDecoder().decode(file.subarray(0, 16)))
  if (!isText) return
  throw new SimilarItemsError('pack-invalid', `${path} is text, no pack.${indexed}`, { subject: path })
}

const indexed = ' Name the folder that `similar-items index` wrote.'
