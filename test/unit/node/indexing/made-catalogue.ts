import { mkdirSync, readdirSync } from 'node:fs'
import { type SeededRandom, seededRandom } from '../../../../src/measure/statistics/seeded-random.js'
import { chooseProjection } from '../../../../src/node/indexing/choose-projection.js'
import { writeCatalog } from '../../../../src/node/indexing/write-catalog.js'
import { encodeVectors } from '../../../../src/vectors/encoded-vectors.js'
import { normalize } from '../../../../src/vectors/normalize.js'
import { project } from '../../../../src/vectors/projection.js'
import { makeSpace } from '../../../../src/vectors/space.js'
import { photoFolder } from '../scratch.js'

/** Text that breaks a page which takes it for HTML. */
export const hostile = '<img src=x onerror=alert(1)>"\'&</script>'

export const kinds = ['chairs', 'lamps', hostile, 'rugs']
const perKind = 15
export const dimensions = 24

/** The products of every pack: those of a kind belong together, and the pictures are real. */
export const products = Array.from({ length: kinds.length * perKind }, (_, index) => ({
  id: index === 2 ? hostile : `p${index}`,
  title: `${hostile} ${kinds[index % kinds.length]} number ${index % 7}`,
  image_link: photos()[index % photos().length] as string,
  product_type: kinds[index % kinds.length] as string,
}))

export const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'none', projection: null, dimensions })

/** What tells a kind: a third of the components. */
export const kindVectors = kinds.map((_, index) => [
  ...Array<number>((2 * dimensions) / 3).fill(0),
  ...components(dimensions / 3, seededRandom(index)),
])

/**
 * Writes a folder as `index` does.
 * @param noise how much the pictures of a kind differ, against how much the kinds do.
 * @param options the projection: none by default.
 */
export async function writeMadePack(
  folder: string,
  noise: number,
  { isCentered = false, cut }: { isCentered?: boolean; cut?: number } = {},
): Promise<string> {
  const random = seededRandom(5)
  const vectors = products.map((_, index) => {
    const kind = kindVectors[index % kinds.length] as number[]
    return normalize(components(dimensions, random).map((own, at) => noise * own + (kind[at] as number)))
  })
  mkdirSync(folder, { recursive: true })
  const projection = await chooseProjection(
    { center: isCentered, ...(cut !== undefined && { projection: { kind: 'cut', dimensions: cut } }) },
    space,
    vectors,
    folder,
  )
  const to = projection?.projection.to ?? space
  const projected = vectors.map((vector) =>
    projection ? project(projection.projection, { space, vector }).vector : vector,
  )
  await writeCatalog(folder, {
    items: products,
    pack: {
      space: to,
      entries: products.map(({ id, image_link }) => ({ id, contentKey: image_link })),
      vectors: encodeVectors(projected, to.dimensions, 'int8'),
    },
    projection,
    unusable: [],
  })
  return folder
}

/** Shown lists with clicks on what is of the query's kind, and now and then on something else. */
export function madeLists(count: number): { query: string; shown: object[] }[] {
  const random = seededRandom(6)
  return Array.from({ length: count }, () => {
    const query = random.below(products.length)
    const shown = Array.from({ length: 8 }, (_, index) => {
      const item = random.below(products.length)
      const clicked = random.next() < (item % kinds.length === query % kinds.length ? 0.6 : 0.02)
      return { item: products[item]?.id, position: index + 1, clicked }
    })
    return { query: products[query]?.id as string, shown }
  })
}

function components(count: number, random: SeededRandom): number[] {
  return Array.from({ length: count }, () => random.next() + random.next() - 1)
}

function photos(): string[] {
  return readdirSync(photoFolder).filter((name) => name.endsWith('.jpg'))
}
