import type { Collections, EngineFilter } from 'similar-items/server'

/** Chroma 1.x over its REST interface. Run by us with the conformance kit. */
export function chroma(url = 'http://127.0.0.1:8000'): Collections {
  const base = `${url}/api/v2/tenants/default_tenant/databases/default_database/collections`
  const send = async (path: string, method = 'POST', body?: unknown, signal?: AbortSignal) => {
    const headers = { 'content-type': 'application/json' }
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await fetch(`${base}${path}`, { ...init, signal: signal ?? null })
    if (response.status === 404 && method === 'GET') return null
    if (!response.ok) throw new Error(`Chroma ${response.status}: ${await response.text()}`)
    return response.json()
  }
  /** Requests go by the id of a collection. A name whose collection has been made anew has another. */
  const idOf = async (name: string): Promise<string | null> => (await send(`/${name}`, 'GET'))?.id ?? null
  const to = async (name: string, action: string, body: unknown, signal?: AbortSignal) => {
    const id = await idOf(name)
    return id === null ? null : send(`/${id}/${action}`, 'POST', body, signal)
  }
  const include = ['documents']
  return {
    async create(name) {
      const hnsw = { space: 'ip', ef_construction: 200, ef_search: 200, max_neighbors: 24 }
      await send('', 'POST', { name, get_or_create: true, configuration: { hnsw } })
    },
    async names(prefix) {
      const all: { name: string }[] = await send('?limit=1000', 'GET')
      return all.map(({ name }) => name).filter((name) => name.startsWith(prefix))
    },
    drop: (name) => send(`/${name}`, 'DELETE'),
    count: async (name) => send(`/${await idOf(name)}/count`, 'GET'),
    async put(name, points) {
      const answer = await to(name, 'upsert', {
        ids: points.map(({ key }) => key),
        embeddings: points.map(({ vector }) => vector),
        documents: points.map(({ row }) => row),
        metadatas: points.map(({ labels, numbers }) => {
          const texts = labels.map((label) => JSON.parse(label) as [name: string, value: string])
          const fields = [...texts.map(textField), ...Object.entries(numbers).map(numberField)]
          // Chroma refuses an empty one.
          return Object.fromEntries([['is', true], ...fields])
        }),
      })
      if (answer === null) throw new Error(`Chroma has no collection ${name}`)
    },
    delete: (name, ids) => to(name, 'delete', { ids }),
    async get(name, ids, signal) {
      return (await to(name, 'get', { ids, include }, signal))?.documents ?? []
    },
    async search(name, { vector, count, filter }, signal) {
      const query = { query_embeddings: [vector], n_results: count, include, where: whereOf(filter) }
      return (await to(name, 'query', query, signal))?.documents[0] ?? []
    },
    async *all(name, signal) {
      for (let offset = 0; ; offset += 1000) {
        const page = (await to(name, 'get', { limit: 1000, offset, include }, signal))?.documents ?? []
        yield* page
        if (page.length < 1000) return
      }
    },
  }
}

function textField([name, value]: readonly [string, string]): [string, unknown] {
  return [`text ${name}`, value]
}

function numberField([name, value]: readonly [string, number]): [string, unknown] {
  return [`number ${name}`, value]
}

function whereOf({ conditions }: EngineFilter): unknown {
  const parts = conditions.map((condition) => {
    const { attribute } = condition
    if ('oneOf' in condition) {
      return { [`text ${attribute}`]: { $in: condition.oneOf } }
    }
    const [from, to] = [condition.from, condition.to].map((end) => Math.max(-1e300, Math.min(1e300, end)))
    return { $and: [{ [`number ${attribute}`]: { $gte: from } }, { [`number ${attribute}`]: { $lte: to } }] }
  })
  return parts.length > 1 ? { $and: parts } : parts[0]
}
