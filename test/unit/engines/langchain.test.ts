import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InMemoryStore } from '@langchain/core/stores'
import { FakeEmbeddings, FakeVectorStore } from '@langchain/core/utils/testing'
import { expect, test } from 'vitest'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import {
  type LangchainOptions,
  type LangchainVectorStore,
  langchainEngine,
} from '../../../src/engines/langchain/langchain-engine.js'
import { passesFilter } from '../../../src/engines/passes-filter.js'
import { type EngineFilter, noFilter, type VectorEngine } from '../../../src/engines/vector-engine.js'
import type { Embedding } from '../../../src/types.js'
import { codeBlocks } from '../../browser/documents.js'
import { isBuilt } from '../node/command/command-process.js'
import { scratchFolder } from '../node/scratch.js'
import { brokenPromises } from './conformance.js'

/** LangChain's own stores in memory: the vector store compares with every vector, and cannot delete. */
function openedStores(): LangchainOptions {
  const stores = new Map<string, FakeVectorStore>()
  const vectors = (key: string) => {
    const store = stores.get(key) ?? new FakeVectorStore(new FakeEmbeddings())
    stores.set(key, store)
    return store
  }
  return { vectors, records: new InMemoryStore<string>() }
}

const inItsWords = (filter: EngineFilter) => {
  return ({ metadata: { id, group, values } }: { metadata: Record<string, unknown> }) =>
    passesFilter({ id, group, values } as Parameters<typeof passesFilter>[0], filter)
}

test.each([
  ['without a filter of its own', undefined],
  ['with a filter of its own', inItsWords],
])('a vector store of LangChain keeps every promise, %s', { timeout: 120_000 }, async (_, filter) => {
  const stores = openedStores()
  const open = () => langchainEngine({ ...stores, ...(filter && { filter }) })
  expect(await brokenPromises({ rows: 200, dimensions: 8, open, isExact: true })).toEqual([])
})

const data = madeRows(200, 8)
const [embedding] = data.queries as [Embedding]

async function idsNearest(engine: VectorEngine): Promise<string[]> {
  await engine.write(data.space, data.rows)
  await engine.activate(data.space)
  const { rows } = await engine.nearest({ embedding, count: 200, filter: noFilter })
  return rows.map(({ id }) => id).sort()
}

test('scores are not looked at: similarities, distances and none are the same', async () => {
  const spoilt = (score: (given: number) => number): LangchainOptions => {
    const stores = openedStores()
    const vectors: LangchainOptions['vectors'] = async (key, space) => {
      const store = (await stores.vectors(key, space)) as FakeVectorStore
      const search: LangchainVectorStore['similaritySearchVectorWithScore'] = async (...given) => {
        const found = await store.similaritySearchVectorWithScore(...given)
        return found.map(([document, given]) => [document, score(given)] as const)
      }
      return { addVectors: store.addVectors.bind(store), similaritySearchVectorWithScore: search }
    }
    return { ...stores, vectors }
  }
  const expected = data.rows.map(({ id }) => id).sort()
  for (const score of [(given: number) => given, (given: number) => 1 - given, () => Number.NaN]) {
    expect(await idsNearest(langchainEngine(spoilt(score)))).toEqual(expected)
  }
})

test('what a store says of its own and what it forgot to delete is passed over', async () => {
  const stores = openedStores()
  const engine = langchainEngine(stores)
  await idsNearest(engine)
  const [row] = data.rows as [(typeof data.rows)[0]]
  await engine.write(data.space, [{ ...row, version: '2' }])
  await engine.remove(data.space, ['row-1'])
  const { rows } = await engine.nearest({ embedding, count: 500, filter: noFilter })
  const ids = rows.map(({ id }) => id)
  expect(ids).toHaveLength(199)
  expect(new Set(ids).size).toBe(199)
  expect(ids).not.toContain('row-1')
})

test('records that come back as bytes are read as UTF-8', async () => {
  const { vectors, records } = openedStores()
  const inBytes: LangchainOptions['records'] = {
    mget: async (keys) => {
      const texts = await records.mget(keys)
      return texts.map((text) => (text === undefined ? text : new TextEncoder().encode(String(text))))
    },
    mset: (pairs) => records.mset(pairs),
    mdelete: (keys) => records.mdelete(keys),
    yieldKeys: (prefix) => records.yieldKeys(prefix),
  }
  const engine = langchainEngine({ vectors, records: inBytes })
  const [row] = data.rows as [(typeof data.rows)[0]]
  await engine.write(data.space, [{ ...row, product: { ...row.product, title: 'Öl ✓' } }])
  await engine.activate(data.space)
  const { rows } = await engine.vectorOf([row.id])
  expect(rows.map(({ product }) => product.title)).toEqual(['Öl ✓'])
})

test('no rows are nothing to write, and a switch forgets every other space', async () => {
  const { vectors, records } = openedStores()
  const asked: unknown[] = []
  const counted: LangchainOptions['vectors'] = async (key, space) => {
    asked.push(key)
    return vectors(key, space)
  }
  await langchainEngine({ vectors: counted, records }).write(data.space, [])
  expect(asked).toEqual([])

  // Written by a run that never got to its switch.
  await langchainEngine({ vectors, records }).write(data.otherSpace, data.rows)
  const engine = langchainEngine({ vectors, records })
  await engine.write(data.space, data.rows)
  await engine.activate(data.space)
  expect(await engine.versions(data.otherSpace, '', 10)).toEqual([])
  expect(await engine.describe()).toMatchObject({ space: data.space, count: 200 })
})

test('a store that fails to delete says so', async () => {
  const stores = openedStores()
  const vectors: LangchainOptions['vectors'] = async (key, space) =>
    Object.assign(await stores.vectors(key, space), {
      delete: async () => {
        throw new Error('connection lost')
      },
    })
  const engine = langchainEngine({ ...stores, vectors })
  await engine.write(data.space, data.rows)
  await expect(engine.remove(data.space, ['row-1'])).rejects.toThrow('connection lost')
})

test.skipIf(!isBuilt)('the module of docs/vector-engines.md opens an engine', async () => {
  const folder = scratchFolder()
  const root = join(import.meta.dirname, '../../..')
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/similar-items'), 'dir')
  symlinkSync(join(root, 'node_modules/@langchain'), join(folder, 'node_modules/@langchain'), 'dir')
  const block = codeBlocks('docs/vector-engines.md', 'js').find((code) => code.includes('langchainEngine'))
  writeFileSync(join(folder, 'engine.mjs'), block ?? '')
  writeFileSync(
    join(folder, 'langchain-stores.mjs'),
    `import { InMemoryStore } from '@langchain/core/stores'
    import { FakeEmbeddings, FakeVectorStore } from '@langchain/core/utils/testing'
    export const openStore = () => new FakeVectorStore(new FakeEmbeddings())
    export const openRecords = () => new InMemoryStore()`,
  )
  const module = await import(pathToFileURL(join(folder, 'engine.mjs')).href)
  expect(await idsNearest(await module.default())).toHaveLength(200)
})
