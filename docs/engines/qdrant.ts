import { type Collections, type EngineFilter, labelsOf } from 'similar-items/server'
import { request } from './request.js'

/** Qdrant 1.10 or later. Not run by us: hold it to the conformance kit before you use it. */
export function qdrant(url = 'http://127.0.0.1:6333', apiKey?: string): Collections {
  const headers = apiKey === undefined ? {} : { 'api-key': apiKey }
  const send = (method: string, path: string, body?: unknown, signal?: AbortSignal) =>
    request(method, `${url}/collections${path}`, body, { signal, headers })
  const rowsOf = (points: { payload: { row: string } }[] = []) => points.map(({ payload }) => payload.row)
  return {
    async create(name, size) {
      if (await send('GET', `/${name}`)) return
      await send('PUT', `/${name}`, { vectors: { size, distance: 'Dot' } })
      await send('PUT', `/${name}/index?wait=true`, { field_name: 'labels', field_schema: 'keyword' })
    },
    async names(prefix) {
      const { result } = await send('GET', '')
      return result.collections
        .map(({ name }: { name: string }) => name)
        .filter((name: string) => name.startsWith(prefix))
    },
    drop: (name) => send('DELETE', `/${name}`),
    count: async (name) => (await send('POST', `/${name}/points/count`, { exact: true })).result.count,
    async put(name, points) {
      const answer = await send('PUT', `/${name}/points?wait=true`, {
        points: points.map(({ key, vector, ...payload }) => ({ id: key, vector, payload })),
      })
      if (answer === null) throw new Error(`Qdrant has no collection ${name}`)
    },
    delete: (name, points) => send('POST', `/${name}/points/delete?wait=true`, { points }),
    get: async (name, ids, signal) =>
      rowsOf((await send('POST', `/${name}/points`, { ids, with_payload: ['row'] }, signal))?.result),
    async search(name, { vector, count, filter }, signal) {
      const query = { query: vector, limit: count, filter: { must: mustOf(filter) }, with_payload: ['row'] }
      return rowsOf((await send('POST', `/${name}/points/query`, query, signal))?.result.points)
    },
    async *all(name, signal) {
      for (let offset: unknown; offset !== null; ) {
        const page = { limit: 1000, with_payload: ['row'], ...(offset !== undefined && { offset }) }
        const { result } = await send('POST', `/${name}/points/scroll`, page, signal)
        yield* rowsOf(result.points)
        offset = result.next_page_offset
      }
    },
  }
}

function mustOf({ conditions }: EngineFilter): unknown[] {
  return conditions.map((condition) => {
    if ('oneOf' in condition) {
      return { key: 'labels', match: { any: labelsOf(condition.attribute, condition.oneOf) } }
    }
    const range = { gte: finite(condition.from), lte: finite(condition.to) }
    return { key: `numbers."${condition.attribute}"`, range }
  })
}

/** JSON has no infinity: an open end is none. */
function finite(end: number): number | null {
  return Number.isFinite(end) ? end : null
}
