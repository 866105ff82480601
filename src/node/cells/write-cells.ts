import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type CellReference, cellFormat } from '../../catalog/cell-index.js'
import type { FileReference } from '../../catalog/pack-reference.js'
import { SimilarItemsError } from '../../errors.js'
import { type EncodedVectors, pickVectors } from '../../vectors/encoded-vectors.js'
import { writePack } from '../../vectors/pack.js'
import type { VectorEntry } from '../../vectors/vector-table.js'
import { isMissing } from '../files/file-fetch.js'
import { withFolderLock } from '../files/folder-lock.js'
import { writeFileAtomically } from '../files/write-file.js'
import { writeHashed } from '../indexing/write-catalog.js'
import { catalogText } from '../pack/catalog-file.js'
import { type OpenedPack, openPack } from '../pack/open-pack.js'
import { cellsFor, divide } from './divide.js'
import { recallOfCells } from './recall-of-cells.js'

/** What a page that ranks in cells loads first. */
export const cellsName = 'cells.json'

export interface CellsOptions {
  /** Folder that `indexCatalog` wrote; the cells are written there as well. */
  readonly folder: string
  /** About how many cells. Default: the square root of the number of products, 1000 at most. */
  readonly count?: number | undefined
  /** How many cells a page looks at. Default: as few as find 99 % of what a full scan does, products as queries; 16 at most. */
  readonly probes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface WrittenCells {
  readonly products: number
  readonly cells: number
  /** Products of the largest cell. */
  readonly largest: number
  readonly probes: number
  /** Mean share of the lists of a full scan that is found with so many cells, products as queries; from 1 cell on. */
  readonly recall: readonly number[]
  /** Bytes of vectors that a page loads for one photo, on average over cells. */
  readonly vectorBytes: number
}

/** Fewer cells are looked at where they find as much. Photos find less than products do, so it is much that is wanted. */
const enoughRecall = 0.99
const mostProbes = 16

/**
 * Divides the catalogue of a folder into cells of similar products, and writes a small catalogue with its pack for each.
 * The files of the cells before are kept once: pages that are open may still ask for them.
 * @throws SimilarItemsError as `openPack`, `pack-invalid` where there are no products, `output-failed`; the signal's
 * reason on abort.
 */
export async function writeCells({ folder, count, probes, signal }: CellsOptions): Promise<WrittenCells> {
  if (!(await isFolder(folder))) {
    // Says what is wrong with it; no lock can be made there.
    await openPack(folder)
    throw empty(folder)
  }
  return withFolderLock(folder, async () => {
    const opened = await openPack(folder)
    const { pack } = opened
    const { vectors, space } = pack
    if (vectors.count === 0 || opened.products.size === 0) throw empty(folder)
    const cells = divide(vectors, Math.min(vectors.count, count ?? cellsFor(vectors.count)))
    signal?.throwIfAborted()
    const recall = recallOfCells(pack, cells, mostProbes)
    const enough = recall.findIndex((share) => share >= enoughRecall)
    const chosen = Math.min(probes ?? (enough < 0 ? recall.length : enough + 1), cells.centroids.count)
    const members: number[][] = Array.from({ length: cells.centroids.count }, () => [])
    for (const [row, cell] of cells.cellOf.entries()) members[cell]?.push(row)
    const { projectionFile } = opened
    const projection = projectionFile && (await writeHashed(folder, 'cell-projection-', projectionFile))
    const written: CellReference[] = []
    for (const rows of members) {
      signal?.throwIfAborted()
      written.push(await writeCell(folder, { ...opened, projection }, rows))
    }
    const entries = written.map(({ catalog }) => ({ id: catalog, contentKey: catalog }))
    const centroids = writePack({ space, entries, vectors: cells.centroids })
    const index = {
      format: cellFormat,
      space,
      projection,
      centroids: await writeHashed(folder, 'cell-centroids-', centroids),
      probes: chosen,
      count: vectors.count,
      cells: written,
    }
    const earlier = await namesIn(folder)
    await writeFileAtomically(join(folder, cellsName), `${JSON.stringify(index)}\n`)
    await removeOlder(folder, new Set([...namesOf(JSON.stringify(index)), ...earlier]))
    return {
      products: vectors.count,
      cells: written.length,
      largest: Math.max(...written.map(({ count }) => count)),
      probes: chosen,
      recall,
      vectorBytes: (chosen * bytesOf(vectors)) / written.length,
    }
  })
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true
}

function bytesOf({ data, scales }: EncodedVectors): number {
  return data.byteLength + (scales?.byteLength ?? 0)
}

/** Writes the products of some rows as a catalogue with a pack of its own. */
async function writeCell(
  folder: string,
  {
    pack,
    products,
    projection,
  }: Pick<OpenedPack, 'pack' | 'products'> & { projection: FileReference | null },
  rows: readonly number[],
): Promise<CellReference> {
  const entries = rows.map((row) => pack.entries[row] as VectorEntry)
  const items = entries.flatMap(({ id }) => products.get(id) ?? [])
  const bytes = writePack({ space: pack.space, entries, vectors: pickVectors(pack.vectors, rows) })
  const file = await writeHashed(folder, 'cell-', bytes)
  const reference = {
    ...file,
    bytes: bytes.length,
    count: rows.length,
    space: pack.space,
    projection,
    unusable: [],
  }
  const text = new TextEncoder().encode(Array.from(catalogText(reference, items)).join(''))
  const { url } = await writeHashed(folder, 'cell-', text, 'json')
  return { catalog: url, pack: file.url, count: rows.length }
}

const ownName = /cell-(?:centroids-|projection-)?[0-9a-f]{16}\.(?:json|safetensors)/g

/** The files that the cells of before name. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return namesOf(await readFile(join(folder, cellsName), 'utf8'))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function namesOf(text: string): readonly string[] {
  return text.match(ownName) ?? []
}

async function removeOlder(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (namesOf(name)[0] === name && !kept.has(name)) await rm(join(folder, name), { force: true })
  }
}

function empty(folder: string): SimilarItemsError {
  const message = `${folder} has no products with vectors. Take the folder that \`index\` wrote.`
  return new SimilarItemsError('pack-invalid', message, { subject: folder })
}
