import { filterValues } from '../../../src/engines/filter-values.js'
import { quantize, storedVector, toFloats } from '../../../src/engines/stored-vector.js'
import type { WrittenRow } from '../../../src/engines/vector-engine.js'
import { rank } from '../../../src/ranking/rank.js'
import type { Embedding, Space } from '../../../src/types.js'
import type { EncodedVectors } from '../../../src/vectors/encoded-vectors.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { ClusteredVectors } from '../vectors/clustered-vectors.js'

const brands = 20
const limit = 12

/** A made catalogue: products of twenty brands with vectors as shops have them, and vectors of photos near them. */
export class EngineCatalogue {
  readonly rows: number
  readonly space: Space
  /** Vectors of no product. */
  readonly photos: readonly Embedding[]
  readonly #vectors: EncodedVectors
  readonly #table: VectorTable

  constructor(rows: number, dimensions: number) {
    this.rows = rows
    this.space = makeSpace({ model: 'bench', preprocessing: 'made', projection: null, dimensions })
    const made = new ClusteredVectors(dimensions)
    this.#vectors = made.rows(rows, 0).encoded
    this.photos = Array.from({ length: 200 }, () => ({
      space: this.space,
      // In 8 bits, as they are sent.
      vector: toFloats(quantize(made.next())),
    }))
    this.#table = new VectorTable(this.space, 'int8')
    const entries = Array.from({ length: rows }, (_, row) => ({
      id: this.idOf(row),
      contentKey: String(row),
    }))
    this.#table.setAll(entries, this.#vectors)
  }

  get packBytes(): number {
    return this.rows * (this.space.dimensions + 4)
  }

  idOf(row: number): string {
    return `sku-${row}`
  }

  brandOf(row: number): string {
    return `Brand ${row % brands}`
  }

  /** Rows spread over all. */
  sample(count: number): number[] {
    return Array.from({ length: count }, (_, index) => Math.floor((index * this.rows) / count))
  }

  *batches(size: number): Generator<WrittenRow[]> {
    for (let start = 0; start < this.rows; start += size) {
      const length = Math.min(size, this.rows - start)
      yield Array.from({ length }, (_, offset) => this.#row(start + offset))
    }
  }

  /** Ids of the list that the scan makes, for a product or a photo. @param brand of the products that may be in it. */
  expected(question: { readonly row: number } | { readonly photo: number }, brand: string | null): string[] {
    const own = 'row' in question ? this.idOf(question.row) : null
    const embedding =
      'row' in question
        ? (this.#table.embeddingOf(this.idOf(question.row)) as Embedding)
        : (this.photos[question.photo] as Embedding)
    const shown = own === null ? [] : [{ contentKey: own, vector: embedding.vector }]
    const eligible = (id: string) =>
      id !== own && (brand === null || this.brandOf(Number(id.slice(4))) === brand)
    return rank(this.#table, embedding, { limit }, { shown, eligible }).map(({ id }) => id)
  }

  /** Lists as a page makes them, one after the other: how long each took, and what one costs the processor. */
  timeScan(): { readonly milliseconds: readonly number[]; readonly processorMilliseconds: number } {
    const time = (photo: Embedding) => {
      const started = performance.now()
      rank(this.#table, photo, { limit })
      return performance.now() - started
    }
    for (const photo of this.photos.slice(0, 20)) time(photo)
    const before = process.cpuUsage()
    const milliseconds = this.photos.map(time)
    const { user, system } = process.cpuUsage(before)
    return { milliseconds, processorMilliseconds: (user + system) / 1000 / milliseconds.length }
  }

  #row(row: number): WrittenRow {
    const id = this.idOf(row)
    const product = {
      id,
      title: `A product called ${row}`,
      link: `https://shop.example/products/${id}`,
      image_link: `https://shop.example/pictures/${row}.jpg`,
      brand: this.brandOf(row),
      price: `${row % 1000}.90 EUR`,
    }
    const vector = storedVector(this.#vectors, row)
    return { id, group: null, vector, product, values: filterValues(product), version: '1' }
  }
}
