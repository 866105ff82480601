import { isSimilarItemsError } from '../../../src/errors.js'
import type { VectorRows, VectorStore } from '../../../src/store/vector-store.js'
import type { Space } from '../../../src/types.js'
import { decodeVector, encodeVectors, type VectorFormat } from '../../../src/vectors/encoded-vectors.js'
import { makeSpace } from '../../../src/vectors/space.js'

/**
 * What every store does, as scripts that run in Node and in a page alike: `run` works with an empty store and returns
 * what it saw, as JSON; `expected` is what that has to be.
 */
export interface StoreBehaviour {
  readonly name: string
  readonly run: (store: VectorStore) => Promise<unknown>
  readonly expected: unknown
}

export const space = spaceOf('a')
export const feed = 'https://shop.example/catalog.json'

export function spaceOf(model: string, dimensions = 2): Space {
  return makeSpace({ model, preprocessing: 'test', projection: null, dimensions })
}

/** One vector per id, made of `value`; the content key is `picture-<value>`. */
export function rowsOf(ids: readonly string[], value: number, format: VectorFormat = 'int8'): VectorRows {
  const vectors = ids.map(() => Float32Array.of(value * 127, value))
  return {
    entries: ids.map((id) => ({ id, contentKey: `picture-${value}` })),
    vectors: encodeVectors(vectors, 2, format),
  }
}

/** Ids `<prefix><from>` to below `<prefix><to>`. */
export function idsFrom(from: number, to: number, prefix = 'p'): string[] {
  return Array.from({ length: to - from }, (_, index) => `${prefix}${from + index}`)
}

/** Every stored row as `id picture components`, sorted; a row that is stored twice is there twice. */
export async function contents(store: VectorStore, catalogKey = feed, of: Space = space): Promise<string[]> {
  const chunks = await store.loadVectors(catalogKey, of)
  const rows = chunks.flatMap(({ entries, vectors }) =>
    entries.map(({ id, contentKey }, row) => `${id} ${contentKey} ${decodeVector(vectors, row)}`),
  )
  return rows.sort()
}

/** The codes with which promises reject; null for one that does not. */
export async function rejections(...promises: readonly Promise<unknown>[]): Promise<(string | null)[]> {
  const results = await Promise.allSettled(promises)
  return results.map((result) => {
    if (result.status === 'fulfilled') return null
    return isSimilarItemsError(result.reason) ? result.reason.code : String(result.reason)
  })
}

const catalog = {
  products: [{ id: '1', title: 'Lamp', image_link: 'https://shop.example/1.jpg', sizes: ['S'] }],
  skipped: [{ id: '#2', reason: 'It has no id.' }],
  etag: '"1"',
  lastModified: null,
}
const identity = { space, checkedAt: 7 }

export const storeBehaviours: readonly StoreBehaviour[] = [
  {
    name: 'an empty store has nothing',
    run: async (store) => [
      await store.loadVectors(feed, space),
      (await store.loadCatalog(feed)) ?? 'no catalogue',
      (await store.loadModelIdentity('m')) ?? 'no model',
    ],
    expected: [[], 'no catalogue', 'no model'],
  },
  {
    name: 'vectors come back as they were put, in either format',
    run: async (store) => {
      await store.putVectors(feed, space, rowsOf(['a', 'b'], 2))
      await store.putVectors(feed, space, rowsOf(['c'], 3, 'float32'))
      await store.putVectors(feed, space, rowsOf(['d'], 4))
      const chunks = await store.loadVectors(feed, space)
      return [chunks.map(({ vectors }) => [vectors.format, vectors.count]), await contents(store)]
    },
    expected: [
      [
        ['int8', 2],
        ['float32', 1],
        ['int8', 1],
      ],
      ['a picture-2 254,2', 'b picture-2 254,2', 'c picture-3 381,3', 'd picture-4 508,4'],
    ],
  },
  {
    name: 'an id that is stored is replaced, and the last of a repeated one counts',
    run: async (store) => {
      await store.putVectors(feed, space, rowsOf(['a', 'b', 'c'], 1))
      await store.putVectors(feed, space, rowsOf(['b'], 2, 'float32'))
      const [one, two] = [rowsOf(['d', 'd'], 3), rowsOf(['x', 'd'], 4)]
      const entries = [one.entries[0], two.entries[1]] as VectorRows['entries']
      const vectors = encodeVectors([Float32Array.of(381, 3), Float32Array.of(508, 4)], 2, 'int8')
      await store.putVectors(feed, space, { entries, vectors })
      return contents(store)
    },
    expected: ['a picture-1 127,1', 'b picture-2 254,2', 'c picture-1 127,1', 'd picture-4 508,4'],
  },
  {
    name: 'vectors are removed, ids without one are ignored',
    run: async (store) => {
      await store.removeVectors(feed, space, ['a'])
      await store.putVectors(feed, space, rowsOf(['a', 'b', 'c'], 1))
      await store.removeVectors(feed, space, new Set(['c', 'a', 'nobody']))
      const some = await contents(store)
      await store.removeVectors(feed, space, ['b'])
      return [some, await store.loadVectors(feed, space)]
    },
    expected: [['b picture-1 127,1'], []],
  },
  {
    name: 'it is known which pack was put last, whatever comes and goes beside it',
    run: async (store) => {
      const pack = async (of = space) => (await store.loadPackHash(feed, of)) ?? 'none'
      const before = await pack()
      await store.putVectors(feed, space, rowsOf(['a', 'b'], 1), 'first')
      await store.putVectors(feed, space, rowsOf(['b', 'c'], 2))
      await store.removeVectors(feed, space, ['a'])
      const after = [await pack(), await pack(spaceOf('other'))]
      await store.putVectors(feed, space, rowsOf(['c'], 3), 'second')
      const replaced = await pack()
      await store.clear()
      return [before, ...after, replaced, await pack()]
    },
    expected: ['none', 'first', 'none', 'second', 'none'],
  },
  {
    name: 'more vectors than a chunk holds are all there, once',
    run: async (store) => {
      await store.putVectors(feed, space, rowsOf(idsFrom(0, 5000), 1))
      await store.putVectors(feed, space, rowsOf(idsFrom(4000, 10_000), 2))
      await store.putVectors(feed, space, rowsOf(['last'], 3))
      await store.removeVectors(feed, space, idsFrom(100, 9900))
      const chunks = await store.loadVectors(feed, space)
      const largest = Math.max(...chunks.map(({ entries }) => entries.length))
      const rows = await contents(store)
      return [rows.length, new Set(rows).size, largest <= 4096, rows[0], rows.at(-2)]
    },
    expected: [201, 201, true, 'last picture-3 381,3', 'p9998 picture-2 254,2'],
  },
  {
    name: 'no rows are no change',
    run: async (store) => {
      await store.putVectors(feed, space, rowsOf([], 1))
      await store.putVectors(feed, space, rowsOf(['a'], 1))
      await store.putVectors(feed, space, rowsOf([], 1))
      return contents(store)
    },
    expected: ['a picture-1 127,1'],
  },
  {
    name: 'catalogues and spaces do not mix',
    run: async (store) => {
      await store.putVectors(feed, space, rowsOf(['a'], 1))
      await store.putVectors(feed, spaceOf('b'), rowsOf(['a'], 2))
      await store.putVectors('__proto__', space, rowsOf(['__proto__', ''], 3))
      await store.removeVectors('__proto__', spaceOf('b'), ['a'])
      return [
        await contents(store),
        await contents(store, feed, spaceOf('b')),
        await contents(store, '__proto__'),
      ]
    },
    expected: [
      ['a picture-1 127,1'],
      ['a picture-2 254,2'],
      [' picture-3 381,3', '__proto__ picture-3 381,3'],
    ],
  },
  {
    name: 'vectors that do not belong to the space or their entries are refused whole',
    run: async (store) => {
      const { entries, vectors } = rowsOf(['a', 'b'], 1)
      const bad = { ...vectors, scales: Float32Array.of(1, Number.NaN) } as VectorRows['vectors']
      const infinite = { ...rowsOf(['a'], 1, 'float32').vectors, data: Float32Array.of(1, Infinity) }
      const codes = await rejections(
        store.putVectors(feed, spaceOf('a', 3), { entries, vectors }),
        store.putVectors(feed, space, { entries: entries.slice(1), vectors }),
        store.putVectors(feed, space, { entries, vectors: bad }),
        store.putVectors(feed, space, { entries: entries.slice(1), vectors: infinite as typeof vectors }),
      )
      return [codes, await contents(store)]
    },
    expected: [['space-mismatch', 'invalid-argument', 'invalid-argument', 'invalid-argument'], []],
  },
  {
    name: 'a fingerprint that stands for other dimensions is refused',
    run: async (store) => {
      await store.putVectors(feed, space, rowsOf(['a'], 1))
      const impostor = { ...space, dimensions: 1 }
      const vectors = encodeVectors([Float32Array.of(1)], 1, 'int8')
      const entries = [{ id: 'b', contentKey: 'b' }]
      const codes = await rejections(
        store.loadVectors(feed, impostor),
        store.putVectors(feed, impostor, { entries, vectors }),
      )
      return [codes, await contents(store)]
    },
    expected: [['space-mismatch', 'space-mismatch'], ['a picture-1 127,1']],
  },
  {
    name: 'buffers stay the caller’s',
    run: async (store) => {
      const rows = rowsOf(['a', 'b'], 1)
      const put = store.putVectors(feed, space, rows)
      structuredClone(rows.vectors, { transfer: [rows.vectors.data.buffer as ArrayBuffer] })
      await put
      const loaded = await store.loadVectors(feed, space)
      for (const { vectors } of loaded) vectors.data.fill(0)
      return contents(store)
    },
    expected: ['a picture-1 127,1', 'b picture-1 127,1'],
  },
  {
    name: 'catalogues and model identities come back, the last one saved',
    run: async (store) => {
      await store.saveCatalog(feed, { ...catalog, etag: '"0"' })
      await store.saveCatalog(feed, catalog)
      await store.saveModelIdentity('/model/', { ...identity, checkedAt: 1 })
      await store.saveModelIdentity('/model/', identity)
      const { storedAt, ...rest } = (await store.loadCatalog(feed)) ?? { storedAt: 0 }
      return [rest, Date.now() - storedAt < 60_000, await store.loadModelIdentity('/model/')]
    },
    expected: [catalog, true, identity],
  },
  {
    name: 'clearing removes everything, and the store goes on',
    run: async (store) => {
      await store.putVectors(feed, space, rowsOf(['a', 'b'], 1))
      await store.saveCatalog(feed, catalog)
      await store.saveModelIdentity('/model/', identity)
      await store.clear()
      const cleared = [
        await contents(store),
        await store.loadCatalog(feed),
        await store.loadModelIdentity('/model/'),
      ]
      await store.putVectors(feed, space, rowsOf(['b'], 2))
      return [cleared.map((value) => value ?? null), await contents(store)]
    },
    expected: [[[], null, null], ['b picture-2 254,2']],
  },
  {
    name: 'writes that run at the same time all count',
    run: async (store) => {
      const puts = idsFrom(0, 40).map((id) => store.putVectors(feed, space, rowsOf([id, 'shared'], 1)))
      await Promise.all([...puts, store.removeVectors(feed, space, ['p0'])])
      return (await contents(store)).length
    },
    expected: 40,
  },
  {
    name: 'a closed store says so',
    run: async (store) => {
      store.close()
      return rejections(
        store.loadVectors(feed, space),
        store.putVectors(feed, space, rowsOf(['a'], 1)),
        store.removeVectors(feed, space, ['a']),
        store.loadCatalog(feed),
        store.saveCatalog(feed, catalog),
        store.loadModelIdentity('m'),
        store.saveModelIdentity('m', identity),
        store.clear(),
      )
    },
    expected: Array.from({ length: 8 }, () => 'engine-closed'),
  },
]

/** One step of a random life: ids `p<from>` to below `p<to>` are put with a value, or removed without one. */
export interface StoreOperation {
  readonly from: number
  readonly to: number
  readonly value: number | null
  readonly format: VectorFormat
}

export async function operate(store: VectorStore, operations: readonly StoreOperation[]): Promise<void> {
  for (const { from, to, value, format } of operations) {
    if (value === null) await store.removeVectors(feed, space, idsFrom(from, to))
    else await store.putVectors(feed, space, rowsOf(idsFrom(from, to), value, format))
  }
}

/** What `contents` has to be after the operations. */
export function expectedContents(operations: readonly StoreOperation[]): string[] {
  const rows = new Map<string, string>()
  for (const { from, to, value } of operations) {
    for (const id of idsFrom(from, to)) {
      if (value === null) rows.delete(id)
      else rows.set(id, `${id} picture-${value} ${value * 127},${value}`)
    }
  }
  return [...rows.values()].sort()
}
