import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Product } from '../../../src/types.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { normalize } from '../../../src/vectors/normalize.js'
import { writePack } from '../../../src/vectors/pack.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { ClusteredVectors } from './clustered-vectors.js'

const colours = ['black', 'white', 'oak', 'walnut', 'sand', 'navy', 'olive', 'brick', 'rosé', 'grey']
const kinds = ['armchair', 'floor lamp', 'sideboard', 'running shoe', 'rain jacket', 'desk organiser']
const makes = ['with removable cover', 'made of recycled polyester', 'for indoors and outdoors', 'set of two']
/** Pictures of variants differ by that, against 1 of the product itself. */
const variantSpread = 0.25

/**
 * Product `row` of a shop as large as wanted: a long title, links of 80 characters, and variants: every fourth
 * product is one of the product before.
 */
export function productOf(row: number): Product {
  const pick = (list: readonly string[], step: number) => list[Math.floor(row / step) % list.length] as string
  const number = String(row).padStart(7, '0')
  const digest = createHash('md5').update(number).digest('hex')
  return {
    id: `405${number}${row % 9}-${pick(colours, 1)}`,
    title: `Nordlicht ${pick(kinds, 7)} ${pick(makes, 3)}, ${pick(colours, 1)}, 78 x 82 x 74 cm (${number})`,
    link: `https://www.shop.example/p/${pick(kinds, 7).replaceAll(' ', '-')}-${number}?colour=${pick(colours, 1)}`.padEnd(
      80,
      'x',
    ),
    image_link:
      `https://cdn.shop.example/media/catalog/${digest.slice(0, 2)}/${digest.slice(2, 20)}_800.jpg`.padEnd(
        80,
        '0',
      ),
    price: `${10 + (row % 900)}.90 EUR`,
    availability: row % 11 === 0 ? 'out_of_stock' : 'in_stock',
    brand: 'Nordlicht',
    product_type: `Home > Living > ${pick(kinds, 7)}`,
    item_group_id: `g${row - (row % 4 === 3 ? 1 : 0)}`,
  }
}

/** Writes what `index` would have: `catalog.json` and a pack of int8 vectors. Returns the bytes of the pack. */
export function writeCatalogueFolder(folder: string, count: number, dimensions: number): number {
  const source = new ClusteredVectors(dimensions)
  const data = new Int8Array(count * dimensions)
  const scales = new Float32Array(count)
  let previous = source.next()
  for (let row = 0; row < count; row++) {
    const next = source.next()
    const vector = row % 4 === 3 ? between(previous, next) : next
    const encoded = encodeVectors([vector], dimensions, 'int8')
    data.set(encoded.data, row * dimensions)
    scales[row] = encoded.scales?.[0] as number
    previous = vector
  }
  const products = Array.from({ length: count }, (_, row) => productOf(row))
  const space = makeSpace({ model: 'bench', preprocessing: 'none', projection: null, dimensions })
  const entries = products.map(({ id, image_link }) => ({ id, contentKey: image_link }))
  const pack = writePack({ space, entries, vectors: { format: 'int8', dimensions, count, data, scales } })
  const sha256 = createHash('sha256').update(pack).digest('hex')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'pack.safetensors'), pack)
  const reference = { url: 'pack.safetensors', sha256, bytes: pack.length, count, space, projection: null }
  const catalog = join(folder, 'catalog.json')
  writeFileSync(catalog, `{"pack":${JSON.stringify(reference)},\n"items":[\n`)
  const piece = 10_000
  for (let start = 0; start < count; start += piece) {
    const lines = products.slice(start, start + piece).map((product) => JSON.stringify(product))
    writeFileSync(catalog, lines.join(',\n') + (start + piece < count ? ',\n' : '\n'), { flag: 'a' })
  }
  writeFileSync(catalog, ']}\n', { flag: 'a' })
  return pack.length
}

function between(product: Float32Array, other: Float32Array): Float32Array {
  return normalize(product.map((component, index) => component + variantSpread * (other[index] as number)))
}
