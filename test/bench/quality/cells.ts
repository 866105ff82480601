import { cellsFor, divide } from '../../../src/node/cells/divide.js'
import { recallOfCells } from '../../../src/node/cells/recall-of-cells.js'
import { selectTop } from '../../../src/ranking/select-top.js'
import { dotProduct } from '../../../src/vectors/dot-product.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { nearestCells } from '../../../src/vectors/nearest-cells.js'
import type { Pack } from '../../../src/vectors/pack.js'
import { publish, type Row } from '../results-file.js'
import { setsArePresent } from './quality-sets.js'
import { QualityEncoder } from './quality-vectors.js'

const listLength = 12
const probes = [1, 2, 4, 8, 16]

if (setsArePresent) await measure()
else console.log('The labelled pictures are not on this machine: cells are not measured.')

/** One catalogue of all pictures but the photos of groceries in shops, which are searched with. */
async function measure(): Promise<void> {
  const encoder = await QualityEncoder.open('int8')
  const sets = [
    ['caltech', 'test'],
    ['clothing', 'test'],
    ['fashion', 'test'],
    ['furniture', 'test'],
    ['furniture', 'train'],
    ['grocery', 'iconic'],
  ] as const
  const vectors: Float32Array[] = []
  for (const [set, split] of sets) vectors.push(...(await encoder.encodeSplit(set, split)))
  const photos = await encoder.encodeSplit('grocery', 'test')
  const { space } = encoder
  await encoder.close()
  const entries = vectors.map((_, row) => ({ id: `p${row}`, contentKey: `${row}` }))
  const pack: Pack = { space, entries, vectors: encodeVectors(vectors, space.dimensions, 'int8') }
  const lists = photos.map((photo) => fullScan(pack, photo))
  const usual = cellsFor(vectors.length)
  const numbers = [Math.round(usual / 2), usual, 2 * usual].map((count) => {
    const cells = divide(pack.vectors, count)
    const sizes = new Array<number>(cells.centroids.count).fill(0)
    for (const cell of cells.cellOf) sizes[cell] = (sizes[cell] as number) + 1
    return {
      cells: cells.centroids.count,
      largest: Math.max(...sizes),
      products: recallOfCells(pack, cells, 16),
      photos: recallOfPhotos(pack, cells, photos, lists),
    }
  })
  const rows = numbers.flatMap(({ cells, largest, products, photos }): Row[] =>
    probes.map((number) => ({
      what: `${vectors.length} products in ${cells} cells (largest ${largest}), ${number} looked at`,
      value:
        `recall@12 ${(products[number - 1] as number).toFixed(3)} for products, ` +
        `${(photos[number - 1] as (typeof photos)[number]).recall.toFixed(3)} for photos, with ` +
        `${Math.round(100 * (photos[number - 1] as (typeof photos)[number]).share)} % of the catalogue`,
    })),
  )
  publish('cells', rows, numbers, 'none')
}

/** The rows of the list that a scan of everything makes. */
function fullScan({ vectors, entries }: Pack, photo: Float32Array): readonly number[] {
  const best = selectTop(entries.keys(), (row) => dotProduct(vectors, row, photo), entries, {
    count: listLength,
    minScore: -1,
  })
  return best.map(({ row }) => row)
}

/** The same for pictures that are not in the catalogue, and the share of it that is looked at. */
function recallOfPhotos(
  { entries }: Pack,
  { centroids, cellOf }: ReturnType<typeof divide>,
  photos: readonly Float32Array[],
  lists: readonly (readonly number[])[],
): { recall: number; share: number }[] {
  const sizes = new Array<number>(centroids.count).fill(0)
  for (const cell of cellOf) sizes[cell] = (sizes[cell] as number) + 1
  const found = new Array<number>(16).fill(0)
  const looked = new Array<number>(16).fill(0)
  for (const [index, photo] of photos.entries()) {
    const best = lists[index] as readonly number[]
    const order = nearestCells(centroids, photo)
    const rankOf = new Map(order.map((cell, rank) => [cell, rank]))
    let sum = 0
    for (let probe = 0; probe < found.length; probe++) {
      sum += sizes[order[probe] as number] ?? 0
      looked[probe] = (looked[probe] as number) + sum
      const within = best.filter((row) => (rankOf.get(cellOf[row] as number) as number) <= probe)
      found[probe] = (found[probe] as number) + within.length
    }
  }
  return found.map((count, at) => ({
    recall: count / (photos.length * listLength),
    share: (looked[at] as number) / (photos.length * entries.length),
  }))
}
