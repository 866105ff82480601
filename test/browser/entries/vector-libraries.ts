import { create, insert, searchVector } from '@orama/orama'
import initEdgeVec, { EdgeVec, EdgeVecConfig } from 'edgevec'
import { loadHnswlib } from 'hnswlib-wasm'
import * as voyBindings from 'voy-search/voy_search_bg.js'
import { rank } from '../../../src/ranking/rank.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { ClusteredVectors, plainTop } from '../../bench/vectors/clustered-vectors.js'
import { answerInTurn } from '../answer-in-turn.js'

interface Setup {
  readonly rows: number
  readonly dimensions: number
  /** Addresses of the libraries' WebAssembly. */
  readonly wasm: { readonly edgevec: string; readonly voy: string }
}

/** The rows of the ten best, by whatever the library ranks with. */
type Search = (query: Float32Array) => readonly number[] | Promise<readonly number[]>

export interface LibraryResult {
  readonly name: string
  /** Milliseconds to make the index. */
  readonly build: number
  /** Milliseconds a query, one number per query. */
  readonly queries: readonly number[]
  /** How many of the exact ten best are found, from 0 to 1. */
  readonly recall: number
}

const limit = 10

/**
 * Measures, as a worker, browser libraries for vector search with what their documentation starts with, and ours,
 * on the same vectors. Every question is the number of queries.
 */
answerInTurn(async ({ rows, dimensions, wasm }: Setup) => {
  const source = new ClusteredVectors(dimensions)
  const vectors = Array.from({ length: rows }, () => source.next())
  const flat = new Float32Array(rows * dimensions)
  for (const [row, vector] of vectors.entries()) flat.set(vector, row * dimensions)
  const openers = {
    'similar-items': () => openOurs(vectors),
    'voy-search': () => openVoy(vectors, wasm.voy),
    edgevec: () => openEdgeVec(vectors, wasm.edgevec),
    'hnswlib-wasm': () => openHnswlib(vectors),
    '@orama/orama': () => openOrama(vectors),
  }

  return async (count: number): Promise<LibraryResult[]> => {
    const queries = Array.from({ length: count }, () => source.next())
    const results: LibraryResult[] = []
    for (const [name, open] of Object.entries(openers)) {
      const started = performance.now()
      const search = await open()
      const build = performance.now() - started
      const times: number[] = []
      let found = 0
      for (const [index, query] of [...queries.slice(0, 5), ...queries].entries()) {
        const asked = performance.now()
        const rows = await search(query)
        // The first queries warm the code up.
        if (index < 5) continue
        times.push(performance.now() - asked)
        const exact = plainTop(flat, query, limit)
        found += exact.filter((row) => rows.includes(row)).length
      }
      results.push({ name, build, queries: times, recall: found / (limit * count) })
    }
    return results
  }
})

function openOurs(vectors: readonly Float32Array[]): Search {
  const dimensions = vectors[0]?.length ?? 0
  const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'benchmark', projection: null, dimensions })
  const table = new VectorTable(space)
  const entries = vectors.map((_, row) => ({ id: String(row), contentKey: '' }))
  table.setAll(entries, encodeVectors(vectors, dimensions, 'int8'))
  return (vector) => rank(table, { space, vector }, { limit, nearDuplicate: 2 }).map(({ row }) => row)
}

async function openVoy(vectors: readonly Float32Array[], wasm: string): Promise<Search> {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(wasm), {
    './voy_search_bg.js': voyBindings as unknown as WebAssembly.ModuleImports,
  })
  voyBindings.__wbg_set_wasm(instance.exports)
  const embeddings = vectors.map((vector, row) => ({
    id: String(row),
    title: '',
    url: '',
    embeddings: Array.from(vector),
  }))
  const voy = new voyBindings.Voy({ embeddings })
  return (query) => voy.search(query, limit).neighbors.map(({ id }) => Number(id))
}

async function openEdgeVec(vectors: readonly Float32Array[], wasm: string): Promise<Search> {
  await initEdgeVec({ module_or_path: wasm })
  const config = new EdgeVecConfig(vectors[0]?.length ?? 0)
  // Of unit vectors in the same order as the cosine; with `cosine` and `dot`, 0.9.0 returns the worst first.
  config.metric = 'l2'
  const index = new EdgeVec(config)
  const rowOfId = new Map(vectors.map((vector, row) => [index.insert(vector), row]))
  return (query) => {
    const hits = index.search(query, limit) as { id: number }[]
    return hits.map(({ id }) => rowOfId.get(id) as number)
  }
}

async function openHnswlib(vectors: readonly Float32Array[]): Promise<Search> {
  const { HierarchicalNSW } = await loadHnswlib()
  const index = new HierarchicalNSW('ip', vectors[0]?.length ?? 0, '')
  index.initIndex(vectors.length, 16, 200, 100)
  index.addPoints([...vectors], [...vectors.keys()], false)
  index.setEfSearch(50)
  return (query) => index.searchKnn(query, limit, undefined).neighbors
}

async function openOrama(vectors: readonly Float32Array[]): Promise<Search> {
  const dimensions = vectors[0]?.length ?? 0
  const database = create({ schema: { vector: `vector[${dimensions}]` as 'vector[128]' } })
  for (const [row, vector] of vectors.entries()) {
    await insert(database, { id: String(row), vector: Array.from(vector) })
  }
  return async (query) => {
    const vector = { value: Array.from(query), property: 'vector' }
    const { hits } = await searchVector(database, { vector, limit, similarity: 0 } as never)
    return hits.map(({ id }) => Number(id))
  }
}
