import type { Collections, Point } from '../../../src/engines/collections/collections.js'
import { collectionsEngine } from '../../../src/engines/collections/collections-engine.js'
import { testEngine } from './engine-suite.js'

/** The shortest collections that keep what is promised: in memory, every vector compared. */
class MemoryCollections implements Collections {
  readonly #all = new Map<string, Map<string, Point>>()

  #points(name: string): Map<string, Point> {
    return this.#all.get(name) ?? new Map()
  }
  async create(name: string) {
    if (!this.#all.has(name)) this.#all.set(name, new Map())
  }
  async names(prefix: string) {
    return [...this.#all.keys()].filter((name) => name.startsWith(prefix))
  }
  async drop(name: string) {
    this.#all.delete(name)
  }
  async count(name: string) {
    return this.#points(name).size
  }
  async put(name: string, points: readonly Point[]) {
    const collection = this.#all.get(name)
    if (!collection) throw new Error(`There is no ${name}.`)
    for (const point of points) collection.set(point.key, point)
  }
  async delete(name: string, keys: readonly string[]) {
    for (const key of keys) this.#points(name).delete(key)
  }
  async get(name: string, keys: readonly string[]) {
    return keys.flatMap((key) => this.#points(name).get(key)?.row ?? [])
  }
  async search(name: string, { vector, count }: { vector: readonly number[]; count: number }) {
    const product = (point: Point) =>
      point.vector.reduce((sum, component, at) => sum + component * (vector[at] as number), 0)
    const scored = [...this.#points(name).values()].map((point) => [product(point), point.row] as const)
    scored.sort(([a], [b]) => b - a)
    return scored.slice(0, count).map(([, row]) => row)
  }
  async *all(name: string) {
    for (const { row } of this.#points(name).values()) yield row
  }
}

const collections = new MemoryCollections()

testEngine({
  open: (home, options) => collectionsEngine({ collections, name: home, ...options }),
  kit: { rows: 100, dimensions: 8, isExact: true },
})
