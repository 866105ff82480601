import { type Collections, type EngineFilter, labelsOf } from 'similar-items/server'
import { request } from './request.js'

/** Milvus 2.4 or later, over its REST interface. Not run by us: hold it to the conformance kit before you use it. */
export function milvus(url = 'http://127.0.0.1:19530', token = 'root:Milvus'): Collections {
  const send = async (path: string, body: unknown = {}, signal?: AbortSignal) => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await request('POST', `${url}/v2/vectordb/${path}`, body, { signal, headers })
    if (answer.code !== 0) throw new Error(`Milvus ${answer.code}: ${answer.message}`)
    return answer.data
  }
  const has = async (collectionName: string) => (await send('collections/has', { collectionName })).has
  const rowsOf = (found: { row: string }[]) => found.map(({ row }) => row)
  return {
    async create(collectionName, dim) {
      if (await has(collectionName)) return
      const field = (fieldName: string, dataType: string, elementTypeParams: unknown, isPrimary = false) => ({
        fieldName,
        dataType,
        isPrimary,
        elementTypeParams,
      })
      const fields = [
        field('key', 'VarChar', { max_length: 32 }, true),
        field('embedding', 'FloatVector', { dim }),
        field('payload', 'JSON', {}),
        field('row', 'VarChar', { max_length: 65_535 }),
      ]
      const hnsw = { index_type: 'HNSW', M: 16, efConstruction: 200 }
      const indexParams = [{ fieldName: 'embedding', indexName: 'embedding', metricType: 'IP', params: hnsw }]
      await send('collections/create', { collectionName, schema: { fields }, indexParams })
    },
    names: async (prefix) =>
      ((await send('collections/list')) as string[]).filter((name) => name.startsWith(prefix)),
    drop: (collectionName) => send('collections/drop', { collectionName }),
    async count(collectionName) {
      const query = { collectionName, filter: '', outputFields: ['count(*)'], consistencyLevel: 'Strong' }
      return (await send('entities/query', query))[0]['count(*)']
    },
    put: (collectionName, points) =>
      send('entities/upsert', {
        collectionName,
        data: points.map(({ key, vector, row, ...payload }) => ({ key, embedding: vector, payload, row })),
      }),
    delete: (collectionName, keys) =>
      send('entities/delete', { collectionName, filter: `key in ${JSON.stringify(keys)}` }),
    async get(collectionName, keys, signal) {
      if (!(await has(collectionName))) return []
      const filter = `key in ${JSON.stringify(keys)}`
      const query = { collectionName, filter, outputFields: ['row'], consistencyLevel: 'Strong' }
      return rowsOf(await send('entities/query', query, signal))
    },
    async search(collectionName, { vector, count, filter }, signal) {
      const limit = Math.min(count, 16_384)
      const query = { data: [vector], annsField: 'embedding', limit, filter: expressionOf(filter) }
      const how = { searchParams: { params: { ef: Math.max(200, limit) } }, consistencyLevel: 'Strong' }
      return rowsOf(
        await send('entities/search', { collectionName, ...query, ...how, outputFields: ['row'] }, signal),
      )
    },
    async *all(collectionName, signal) {
      for (let last = ''; ; ) {
        const filter = `key > ${JSON.stringify(last)}`
        const page = { collectionName, filter, limit: 1000, outputFields: ['key', 'row'] }
        const found = await send('entities/query', { ...page, consistencyLevel: 'Strong' }, signal)
        yield* rowsOf(found)
        if (found.length < 1000) return
        last = found
          .map(({ key }: { key: string }) => key)
          .sort()
          .at(-1)
      }
    },
  }
}

/** Values are JSON's texts, which is how Milvus writes them. */
function expressionOf({ conditions }: EngineFilter): string {
  const parts = conditions.map((condition) => {
    if ('oneOf' in condition) {
      const labels = JSON.stringify(labelsOf(condition.attribute, condition.oneOf))
      return `json_contains_any(payload["labels"], ${labels})`
    }
    const number = `payload["numbers"][${JSON.stringify(condition.attribute)}]`
    const [from, to] = [condition.from, condition.to].map((end) => Math.max(-1e300, Math.min(1e300, end)))
    return `(${number} >= ${from} and ${number} <= ${to})`
  })
  return parts.join(' and ')
}
