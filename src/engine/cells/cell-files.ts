import { type CellIndex, type CellReference, parseCellIndex } from '../../catalog/cell-index.js'
import { resolveContentKey } from '../../catalog/content-key.js'
import { linkResolver } from '../../catalog/link-resolver.js'
import { parsePackReference } from '../../catalog/pack-reference.js'
import { parseCatalog } from '../../catalog/parse-catalog.js'
import { SimilarItemsError } from '../../errors.js'
import { fetchFile } from '../../network/fetch-file.js'
import { insteadOfFile } from '../../network/instead-of-file.js'
import { NetworkFailure } from '../../network/network-failure.js'
import { sha256 } from '../../sha256.js'
import type { Product, Space } from '../../types.js'
import { type EncodedVectors, pickVectors } from '../../vectors/encoded-vectors.js'
import { type Pack, readPack } from '../../vectors/pack.js'
import { assertSameSpace } from '../../vectors/space.js'
import type { VectorEntry } from '../../vectors/vector-table.js'

/** What a page knows of a catalogue in cells before it has loaded one. */
export interface OpenedCells {
  readonly index: CellIndex
  readonly centroids: EncodedVectors
}

/** The products of one cell: row `i` of `vectors` is the vector of `entries[i]`. */
export interface LoadedCell {
  readonly entries: readonly VectorEntry[]
  readonly products: ReadonlyMap<string, Product>
  readonly vectors: EncodedVectors
}

/**
 * The file that names the cells, as it is now, and their centroids.
 * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`, `download-stalled`, `space-mismatch`.
 */
export async function openCells(url: string): Promise<OpenedCells> {
  let index: CellIndex | undefined
  await load(url, 'no-cache', (bytes) => {
    index = parseCellIndex(parseJson(bytes, url), url)
  })
  const { centroids, cells, space } = index as CellIndex
  const pack = await loadPack(centroids.url, centroids.sha256, space)
  if (pack.vectors.count === cells.length) return { index: index as CellIndex, centroids: pack.vectors }
  throw invalid(centroids.url, `has ${pack.vectors.count} centroids for ${cells.length} cells`)
}

/**
 * The products of a cell with their vectors.
 * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`, `catalog-invalid`, `download-stalled`, `space-mismatch`.
 */
export async function loadCell({ catalog, pack: packUrl }: CellReference, space: Space): Promise<LoadedCell> {
  let products: readonly Product[] = []
  let sha: string | undefined
  let [pack] = await Promise.all([
    loadPack(packUrl, null, space),
    load(catalog, undefined, (bytes) => {
      const read = parseCatalog(parseJson(bytes, catalog), catalog)
      products = read.products
      sha = parsePackReference(read.extras.get('pack'), catalog)?.sha256
    }),
  ])
  // One whose bytes are others than its catalogue says may have been damaged in the HTTP cache.
  if (pack.sha256 !== sha) pack = await loadPack(packUrl, null, space, 'reload')
  if (pack.sha256 !== sha) throw invalid(packUrl, `is not the pack that ${catalog} describes`)
  const known = new Map(products.map((product) => [product.id, product]))
  const rows = Array.from(pack.entries.keys()).filter((row) =>
    known.has((pack.entries[row] as VectorEntry).id),
  )
  const resolve = linkResolver(catalog)
  const entries = rows.map((row) => {
    const { id, contentKey } = pack.entries[row] as VectorEntry
    return { id, contentKey: resolveContentKey(contentKey, resolve) }
  })
  return { entries, products: known, vectors: pickVectors(pack.vectors, rows) }
}

/** @param expected its SHA-256, where it is known before. */
async function loadPack(
  url: string,
  expected: string | null,
  space: Space,
  cache?: RequestCache,
): Promise<Pack & { sha256: string }> {
  let found: (Pack & { sha256: string }) | undefined
  await load(url, cache, async (bytes) => {
    const hash = await sha256(bytes)
    if (expected !== null && hash !== expected)
      throw invalid(url, 'is not the file that was written with the cells')
    found = { ...readPack(bytes, url), sha256: hash }
  })
  const pack = found as Pack & { sha256: string }
  assertSameSpace(space, pack.space)
  return pack
}

async function load(
  url: string,
  cache: RequestCache | undefined,
  check: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): Promise<void> {
  const checkFile = (bytes: Uint8Array<ArrayBuffer>) => {
    const what = insteadOfFile(bytes)
    // Servers of single-page apps answer so where there is no such file.
    if (what)
      throw new NetworkFailure('refused', `answered with ${what} instead of the file`, { status: 404 })
    return check(bytes)
  }
  await fetchFile(url, { cache, check: checkFile }).catch((error: unknown) => {
    if (!(error instanceof NetworkFailure)) throw error
    throw error.toError(
      'pack-unreachable',
      `The cell file ${url}`,
      url,
      'Write the cells again, and publish all of their files.',
    )
  })
}

function parseJson(bytes: Uint8Array, url: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw invalid(url, 'is not JSON', cause)
  }
}

function invalid(url: string, what: string, cause?: unknown): SimilarItemsError {
  const message = `The cell file ${url} ${what}. Write the cells again, and publish all of their files.`
  return new SimilarItemsError('pack-invalid', message, { cause, subject: url })
}
