import { beforeEach, expect, test } from 'vitest'
import type { Collections, Point } from '../../../src/engines/collections/collections.js'
import { collectionsEngine } from '../../../src/engines/collections/collections-engine.js'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { noFilter } from '../../../src/engines/vector-engine.js'
import type { Embedding } from '../../../src/types.js'
import { brokenPromises } from './conformance.js'

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

const data = madeRows(20, 8)
const [embedding] = data.queries as [Embedding]
let collections: MemoryCollections
beforeEach(() => {
  collections = new MemoryCollections()
})

test('any collections keep every promise', { timeout: 60_000 }, async () => {
  const open = () => collectionsEngine({ collections })
  expect(await brokenPromises({ rows: 100, dimensions: 8, open, isExact: true })).toEqual([])
})

test('the switch of another process is noticed with the next question, not with the end of a lifetime', async () => {
  const answering = collectionsEngine({ collections, spaceLifetime: 1e9 })
  const loading = collectionsEngine({ collections })
  await loading.write(data.space, data.rows)
  await loading.activate(data.space)
  expect((await answering.vectorOf(['row-3'])).space).toEqual(data.space)
  await loading.write(data.otherSpace, data.rows)
  await loading.activate(data.otherSpace)
  const { space, rows } = await answering.vectorOf(['row-3'])
  expect([space, rows.map(({ id }) => id)]).toEqual([data.otherSpace, ['row-3']])

  const late = collectionsEngine({ collections, spaceLifetime: 1e9 })
  expect((await late.vectorOf(['row-3'])).space).toEqual(data.otherSpace)
  await loading.write(data.space, data.rows)
  await loading.activate(data.space)
  const asked = { embedding: { ...embedding, space: data.otherSpace }, count: 3, filter: noFilter }
  await expect(late.nearest(asked)).rejects.toMatchObject({ code: 'space-mismatch' })
})

test('what is written into a collection that another process has dropped is refused, and the next run makes it anew', async () => {
  const [one, other] = [collectionsEngine({ collections }), collectionsEngine({ collections })]
  await one.write(data.space, data.rows)
  await other.write(data.otherSpace, data.rows)
  await other.activate(data.otherSpace)
  await expect(one.write(data.space, data.rows)).rejects.toThrow('There is no')
  await one.write(data.space, data.rows)
  await one.activate(data.space)
  expect(await one.describe()).toMatchObject({ space: data.space, count: data.rows.length })
  await other.write(data.otherSpace, data.rows)
})
