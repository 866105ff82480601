import { SimilarItemsError } from '../errors.js'
import { parseUrl } from '../parse-url.js'
import type { Space } from '../types.js'
import { parseSpace } from '../vectors/space.js'
import { type FileReference, parseFileReference } from './pack-reference.js'

/** One cell of a catalogue: products that are similar, with their vectors. URLs are absolute. */
export interface CellReference {
  /** URL of its products, in the form of a `catalog.json`. */
  readonly catalog: string
  /** URL of their vectors. */
  readonly pack: string
  /** Number of products. */
  readonly count: number
}

/** What `similar-items cells` wrote: a catalogue in cells of similar products, of which a page loads those it needs. */
export interface CellIndex {
  readonly space: Space
  /** What takes an encoder's vectors to those of the cells; null where that is nothing. */
  readonly projection: FileReference | null
  /** A pack: the direction of every cell, in the order of `cells`. */
  readonly centroids: FileReference
  /** How many of the nearest cells are looked at. */
  readonly probes: number
  /** Products of all cells. */
  readonly count: number
  readonly cells: readonly CellReference[]
}

export const cellFormat = 'similar-items-cells-1'

/**
 * Reads the file that names the cells.
 * @param url against which the names in it are resolved.
 * @throws SimilarItemsError `pack-invalid`.
 */
export function parseCellIndex(value: unknown, url: string): CellIndex {
  const { format, space, projection, centroids, probes, count, cells } = (value ?? {}) as Record<
    string,
    unknown
  >
  const parsed = parseSpace(space)
  const parsedProjection = projection ? parseFileReference(projection, url) : null
  const parsedCentroids = parseFileReference(centroids, url)
  const parsedCells = Array.isArray(cells) ? cells.map((cell) => parseCell(cell, url)) : []
  const isWhole =
    format === cellFormat &&
    parsed !== null &&
    parsedCentroids !== null &&
    (parsed.projection ?? null) === (parsedProjection?.sha256 ?? null) &&
    isPositive(probes) &&
    isPositive(count) &&
    parsedCells.length > 0 &&
    !parsedCells.includes(null)
  if (!isWhole) {
    const message = `${url} does not name the cells of a catalogue. Write it with \`similar-items cells\`.`
    throw new SimilarItemsError('pack-invalid', message, { subject: url })
  }
  return {
    space: parsed,
    projection: parsedProjection,
    centroids: parsedCentroids,
    probes,
    count,
    cells: parsedCells as CellReference[],
  }
}

function parseCell(value: unknown, base: string): CellReference | null {
  const { catalog, pack, count } = (value ?? {}) as Partial<Record<keyof CellReference, unknown>>
  const [catalogUrl, packUrl] = [catalog, pack].map((url) =>
    typeof url === 'string' ? parseUrl(url, base) : null,
  )
  if (!catalogUrl || !packUrl || !isPositive(count)) return null
  return { catalog: catalogUrl.href, pack: packUrl.href, count }
}

function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}
