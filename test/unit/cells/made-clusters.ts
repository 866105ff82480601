import { mkdirSync } from 'node:fs'
import { seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { writeCatalog } from '../../../src/node/indexing/write-catalog.js'
import type { Product } from '../../../src/types.js'
import { encodeVectors, type VectorFormat } from '../../../src/vectors/encoded-vectors.js'
import { normalize } from '../../../src/vectors/normalize.js'
import { makeSpace } from '../../../src/vectors/space.js'

export const dimensions = 32
export const spaceOf = (model: string) =>
  makeSpace({ model: model.repeat(64), preprocessing: 'none', projection: null, dimensions })

/** Unit vectors around so many directions, some of which are much more frequent than others. */
export function clusteredVectors(count: number, kinds: number, seed = 1): Float32Array[] {
  const random = seededRandom(seed)
  const components = (spread: number) =>
    Array.from({ length: dimensions }, () => spread * (random.next() + random.next() - 1))
  const centers = Array.from({ length: kinds }, () => components(1))
  return Array.from({ length: count }, () => {
    const kind = Math.floor(kinds * random.next() ** 2)
    const own = components(0.45)
    return normalize((centers[kind] as number[]).map((component, at) => component + (own[at] as number)))
  })
}

export const productsFor = (count: number): Product[] =>
  Array.from({ length: count }, (_, row) => ({
    id: `p${row}`,
    title: `Thing ${row}`,
    image_link: `img/${row}.jpg`,
    price: `${row % 100}.00 EUR`,
    ...(row % 5 === 0 && { item_group_id: `g${row % 15}` }),
  }))

/** Writes the folder that `index` would. */
export async function writeMadeFolder(
  folder: string,
  vectors: readonly Float32Array[],
  model = 'a',
  format: VectorFormat = 'int8',
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const items = productsFor(vectors.length)
  const entries = items.map(({ id, image_link }) => ({ id, contentKey: image_link }))
  const pack = { space: spaceOf(model), entries, vectors: encodeVectors(vectors, dimensions, format) }
  await writeCatalog(folder, { items, pack, projection: null, unusable: [] })
}
