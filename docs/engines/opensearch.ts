import { type Collections, type EngineFilter, labelsOf } from 'similar-items/server'
import { request } from './request.js'

/**
 * OpenSearch 2.13 or later. Not run by us: hold it to the conformance kit before you use it. Elasticsearch 8 differs in
 * the field (`dense_vector`, `dims`, `similarity: 'dot_product'`) and in the query (`knn` beside `query`, with `field`,
 * `query_vector`, `num_candidates` and `filter`).
 */
export function opensearch(url = 'http://127.0.0.1:9200', headers: Record<string, string> = {}): Collections {
  const send = (method: string, path: string, body?: unknown, signal?: AbortSignal) =>
    request(method, `${url}/${path}`, body, { signal, headers })
  const bulk = (lines: readonly unknown[]) =>
    send('POST', '_bulk?refresh=true', `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`).then(
      (answer) => {
        if (answer.errors) throw new Error(`OpenSearch: ${JSON.stringify(answer.items).slice(0, 500)}`)
      },
    )
  const rowsOf = (hits: { _source: { row: string } }[] = []) => hits.map(({ _source }) => _source.row)
  return {
    async create(name, dimension) {
      const method = { name: 'hnsw', engine: 'lucene', space_type: 'innerproduct' }
      const properties = {
        key: { type: 'keyword' },
        embedding: { type: 'knn_vector', dimension, method },
        labels: { type: 'keyword' },
        numbers: { type: 'object' },
        row: { type: 'keyword', index: false, doc_values: false },
      }
      if (await send('GET', name)) return
      await send('PUT', name, { settings: { index: { knn: true } }, mappings: { properties } })
    },
    async names(prefix) {
      const all: { index: string }[] = await send('GET', `_cat/indices/${prefix}*?format=json`)
      return all.map(({ index }) => index)
    },
    drop: (name) => send('DELETE', name),
    count: async (name) => (await send('GET', `${name}/_count`)).count,
    async put(name, points) {
      // Otherwise `_bulk` makes an index that knows no vectors.
      if (!(await send('GET', name))) throw new Error(`OpenSearch has no index ${name}`)
      await bulk(
        points.flatMap(({ vector, ...point }) => [
          { index: { _index: name, _id: point.key } },
          { ...point, embedding: vector },
        ]),
      )
    },
    delete: (name, keys) => bulk(keys.map((key) => ({ delete: { _index: name, _id: key } }))),
    async get(name, ids, signal) {
      const answer = await send('POST', `${name}/_mget?_source=row`, { ids }, signal)
      return rowsOf((answer?.docs ?? []).filter(({ found }: { found: boolean }) => found))
    },
    async search(name, { vector, count, filter }, signal) {
      const size = Math.min(count, 10_000)
      const embedding = { vector, k: size, filter: { bool: { filter: filtersOf(filter) } } }
      const query = { size, _source: ['row'], query: { knn: { embedding } } }
      return rowsOf((await send('POST', `${name}/_search`, query, signal))?.hits.hits)
    },
    async *all(name, signal) {
      for (let after: unknown[] | undefined; ; ) {
        const page = { size: 1000, _source: ['row'], sort: ['key'], ...(after && { search_after: after }) }
        const { hits } = (await send('POST', `${name}/_search`, page, signal)).hits
        yield* rowsOf(hits)
        if (hits.length < 1000) return
        after = hits.at(-1).sort
      }
    },
  }
}

function filtersOf({ conditions }: EngineFilter): unknown[] {
  return conditions.map((condition) => {
    if ('oneOf' in condition) return { terms: { labels: labelsOf(condition.attribute, condition.oneOf) } }
    const ends = Object.entries({ gte: condition.from, lte: condition.to })
    const range = Object.fromEntries(ends.filter(([, end]) => Number.isFinite(end)))
    return { range: { [`numbers.${condition.attribute}`]: range } }
  })
}
