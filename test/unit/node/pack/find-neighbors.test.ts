import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findNeighbors } from '../../../../src/node/neighbors/find-neighbors.js'
import { NeighborLists } from '../../../../src/node/neighbors/neighbor-lists.js'
import { writeNeighbors } from '../../../../src/node/neighbors/write-neighbors.js'
import { rank } from '../../../../src/ranking/rank.js'
import type { Embedding, Product } from '../../../../src/types.js'
import { encodeVectors } from '../../../../src/vectors/encoded-vectors.js'
import { hashOfId, neighborShardUrl } from '../../../../src/vectors/neighbor-shard.js'
import { normalize } from '../../../../src/vectors/normalize.js'
import type { Pack } from '../../../../src/vectors/pack.js'
import { makeSpace } from '../../../../src/vectors/space.js'
import { VectorTable } from '../../../../src/vectors/vector-table.js'
import { scratchFolder } from '../scratch.js'

describe('neighbours', () => {
  // Directions in the plane, 10 degrees apart.
  const angles = [0, 10, 20, 30, 31, 40]
  const pack = packOf(
    angles.map((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]),
  )

  test('are the most similar products, best first, without pictures that are the same to the eye', async () => {
    const { lists, recall, search } = await findNeighbors(pack, { count: 3 })
    expect({ recall, search }).toEqual({ recall: 1, search: 'exact' })
    expect(lists.get(0)).toEqual([
      ['p1', expect.closeTo(Math.cos(Math.PI / 18), 3)],
      ['p2', expect.closeTo(Math.cos(Math.PI / 9), 3)],
      ['p3', expect.closeTo(Math.cos(Math.PI / 6), 3)],
    ])
    // p4 is one degree from p3: for others they are one picture, and for each other their own. Nine degrees are too.
    expect(lists.get(5).map(([id]) => id)).toEqual(['p3', 'p2', 'p1'])
    expect(lists.get(3).map(([id]) => id)).toEqual(['p2', 'p5', 'p1'])
  })

  test('leave out variants of the same product', async () => {
    const products = new Map(
      ['p0', 'p1', 'p2'].map((id): [string, Product] => [
        id,
        { id, title: id, image_link: '', item_group_id: 'g' },
      ]),
    )
    const { lists } = await findNeighbors(pack, { count: 2, products })
    expect(lists.get(0).map(([id]) => id)).toEqual(['p3', 'p5'])
  })

  test('are what a page ranks', async () => {
    // In few dimensions many pictures are the same to the eye.
    const random = randomNumbers()
    const crowd = packOf(Array.from({ length: 400 }, () => Array.from({ length: 4 }, random)))
    const table = new VectorTable(crowd.space, crowd.vectors.format)
    table.setAll(crowd.entries, crowd.vectors)
    const { lists } = await findNeighbors(crowd, { count: 10 })
    for (const [row, { id }] of crowd.entries.entries()) {
      const query = table.embeddingOf(id) as Embedding
      const shown = [{ contentKey: `/${row}.jpg`, vector: query.vector }]
      const hits = rank(table, query, { limit: 10 }, { eligible: (other) => other !== id, shown })
      expect(lists.get(row)).toEqual(hits.map(({ id, score }) => [id, Number(score.toFixed(4))]))
    }
    expect([...lists].map(([id]) => id)).toEqual(crowd.entries.map(({ id }) => id))
  })

  test('have one of the variants of another product, or as many as wanted', async () => {
    const groups = ['a', 'b', 'b', 'c', '', 'b']
    const products = new Map(groups.map((group, row) => [`p${row}`, { item_group_id: group }]))
    const idsOf = async (perGroup?: number) => {
      const { lists } = await findNeighbors(pack, { count: 3, products, perGroup })
      return lists.get(0).map(([id]) => id)
    }
    expect(await idsOf()).toEqual(['p1', 'p3'])
    expect(await idsOf(2)).toEqual(['p1', 'p2', 'p3'])
  })

  test('do not have the picture of the product under another id, however it was encoded', async () => {
    const entries = pack.entries.map(({ id }, row) => ({
      id,
      contentKey: row < 2 ? '/same.jpg' : `/${row}.jpg`,
    }))
    const { lists } = await findNeighbors({ ...pack, entries }, { count: 2 })
    expect(lists.get(0).map(([id]) => id)).toEqual(['p2', 'p3'])
  })

  test('are as many as wanted where products have many variants', async () => {
    const random = randomNumbers()
    // 60 products of 20 colours each; the exact list of one has to look behind 20 of each of its neighbours.
    const shop = packOf(
      Array.from({ length: 60 }, () => Array.from({ length: 6 }, random)).flatMap((product) =>
        Array.from({ length: 20 }, () => product.map((component) => component + 0.2 * random())),
      ),
    )
    const products = new Map(
      shop.entries.map(({ id }, row) => [id, { item_group_id: String(Math.floor(row / 20)) }]),
    )
    for (const search of ['exact', 'approximate'] as const) {
      const { lists } = await findNeighbors(shop, { count: 24, products, search })
      for (const [row, [, list]] of [...lists].entries()) {
        const groups = list.map(([id]) => products.get(id)?.item_group_id)
        expect(groups).toHaveLength(24)
        expect(new Set([...groups, String(Math.floor(row / 20))]).size).toBe(25)
      }
    }
  })

  test('are as many as wanted where most of the most similar are left out', async () => {
    // A hundred copies of a picture, a hundred variants of a product, and others.
    const many = packOf([
      ...Array.from({ length: 100 }, () => [1, 0]),
      ...Array.from({ length: 100 }, (_, row) => [Math.cos(0.3 + row / 1e4), Math.sin(0.3 + row / 1e4)]),
      ...Array.from({ length: 12 }, (_, row) => [Math.cos(1 + row * 0.45), Math.sin(1 + row * 0.45)]),
    ])
    const products = new Map(many.entries.slice(100, 200).map(({ id }) => [id, { item_group_id: 'g' }]))
    for (const search of ['exact', 'approximate'] as const) {
      const { lists } = await findNeighbors(many, { count: 6, products, search })
      expect(lists.get(0).map(([id]) => id)).toEqual(['p100', 'p211', 'p210', 'p200', 'p209', 'p201'])
      expect(lists.get(100).map(([id]) => id)).toEqual(['p0', 'p211', 'p200', 'p210', 'p201', 'p209'])
    }
  })

  test('an abort ends the search', async () => {
    const reason = new Error('enough')
    await expect(findNeighbors(pack, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

describe('approximate neighbours', () => {
  test('are nearly the exact ones, and say how nearly', async () => {
    const random = randomNumbers()
    const large = packOf(Array.from({ length: 2000 }, () => Array.from({ length: 16 }, random)))
    const { recall, search } = await findNeighbors(large, { count: 10, search: 'approximate' })
    console.log(`recall of approximate neighbours: ${recall}`)
    expect(search).toBe('approximate')
    expect(recall).toBeGreaterThan(0.95)
    expect(recall).toBeLessThanOrEqual(1)
  })
})

describe('neighbour files', () => {
  test('every list is in the file that the template leads to', async () => {
    const folder = scratchFolder()
    const ids = Array.from({ length: 500 }, (_, number) => `sku-${number}-ü`)
    const lists = new NeighborLists(ids, 1)
    for (const row of ids.keys()) lists.set(row, [{ row: (row + 1) % ids.length, score: 0.5 }])
    const { template, files, largestFile } = await writeNeighbors(folder, lists)
    expect(template).toBe('{hash:1}.json')
    expect(readdirSync(folder)).toHaveLength(files)
    for (const [row, id] of ids.entries()) {
      const shard = JSON.parse(readFileSync(join(folder, neighborShardUrl(template, id) as string), 'utf8'))
      expect(shard[id]).toEqual([[ids[(row + 1) % ids.length], 0.5]])
    }
    // The hash spreads ids that differ in their last digits only: on average there are 31 in a file.
    expect(largestFile).toBeLessThan(2 * 31 * 45)
  })

  test('the hash is a fixed one: files outlive versions of the package', () => {
    expect(['', 'a', 'sku-1', 'größe'].map(hashOfId)).toMatchInlineSnapshot(`
      [
        "ab3e7c0b",
        "1a80b1b3",
        "6183620f",
        "cda1b73c",
      ]
    `)
  })

  test('a list that is too long is refused', () => {
    const lists = new NeighborLists(['a', 'b'], 1)
    const neighbors = [1, 0].map((row) => ({ row, score: 1 }))
    expect(() => lists.set(0, neighbors)).toThrow(RangeError)
    expect(lists.get(0)).toEqual([])
  })

  test('an abort ends the writing', async () => {
    const reason = new Error('enough')
    const writing = writeNeighbors(scratchFolder(), new NeighborLists(['a'], 1), AbortSignal.abort(reason))
    await expect(writing).rejects.toBe(reason)
  })

  test('a template without a place for the hash has no file', () => {
    expect(neighborShardUrl('/neighbors.json', 'a')).toBeNull()
  })
})

/** From -0.5 to 0.5, the same each time (Park and Miller 1988). */
function randomNumbers(): () => number {
  let seed = 1
  return () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647 - 0.5
  }
}

function packOf(vectors: readonly (readonly number[])[]): Pack {
  const dimensions = vectors[0]?.length as number
  return {
    space: makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions }),
    entries: vectors.map((_, row) => ({ id: `p${row}`, contentKey: `/${row}.jpg` })),
    vectors: encodeVectors(vectors.map(normalize), dimensions, 'float32'),
  }
}
