import { type Collections, type EngineFilter, labelsOf } from 'similar-items/server'
import { request } from './request.js'

/**
 * Vespa 8, with one document type for all collections. Not run by us: hold it to the conformance kit, with `--dims 192`,
 * before you use it. The application package needs:
 *
 *     schema similar_item { document similar_item {
 *       field collection type string { indexing: attribute | summary   attribute: fast-search   match: word }
 *       field embedding type tensor<float>(x[192]) { indexing: attribute | index   attribute { distance-metric: prenormalized-angular } }
 *       field labels type array<string> { indexing: attribute   attribute: fast-search   match { word  cased } }
 *       field price type double { indexing: attribute }
 *       field row type string { indexing: summary } }
 *     rank-profile nearest { inputs { query(q) tensor<float>(x[192]) } first-phase { expression: closeness(field, embedding) } } }
 */
export function vespa(url = 'http://127.0.0.1:8080'): Collections {
  const path = (key: string) => `${url}/document/v1/similar/similar_item/docid/${key}`
  const idOf = (name: string, key: string) => path(`${name}-${key}`)
  const ask = async (body: Record<string, unknown>, signal?: AbortSignal) => {
    const { root } = await request('POST', `${url}/search/`, { timeout: '10s', ...body }, { signal })
    if (root.errors) throw new Error(`Vespa: ${JSON.stringify(root.errors)}`)
    const hits: { fields: { row: string; collection: string } }[] = root.children ?? []
    return { total: root.fields.totalCount as number, hits }
  }
  const visit = async function* (selection: string, signal?: AbortSignal) {
    for (let continuation = ''; ; ) {
      const page = new URLSearchParams({
        selection,
        wantedDocumentCount: '500',
        ...(continuation && { continuation }),
      })
      const answer = await request('GET', `${path('').replace('docid/', 'docid')}?${page}`, undefined, {
        signal,
      })
      for (const { fields } of answer.documents) yield fields as { row: string; collection: string }
      continuation = answer.continuation ?? ''
      if (continuation === '') return
    }
  }
  const of = (name: string) => `similar_item.collection == ${JSON.stringify(name)}`
  return {
    // The application package has made it; the collection that names the active space has vectors of two, padded below.
    create: async () => undefined,
    async names(prefix) {
      const found = new Set<string>()
      for await (const { collection } of visit('true'))
        if (collection.startsWith(prefix)) found.add(collection)
      return [...found]
    },
    async drop(name) {
      const query = new URLSearchParams({ selection: of(name), cluster: 'content' })
      await request('DELETE', `${path('').replace('docid/', 'docid')}?${query}`)
    },
    count: async (name) =>
      (await ask({ yql: `select row from similar_item where collection contains "${name}" limit 0` })).total,
    async put(name, points) {
      const write = async ({ key, vector, labels, numbers, row }: (typeof points)[number]) => {
        const embedding = Array.from({ length: 192 }, (_, at) => vector[at] ?? 0)
        const { price } = numbers
        const fields = { collection: name, embedding, labels, row, ...(price !== undefined && { price }) }
        const answer = await request('POST', idOf(name, key), { fields })
        if (answer === null) throw new Error('Vespa has no document type similar_item')
      }
      await Promise.all(points.map(write))
    },
    async delete(name, keys) {
      await Promise.all(keys.map((key) => request('DELETE', idOf(name, key))))
    },
    async get(name, keys, signal) {
      const found = keys.map((key) => request('GET', idOf(name, key), undefined, { signal }))
      return (await Promise.all(found)).flatMap((document) => document?.fields?.row ?? [])
    },
    async search(name, { vector, count, filter }, signal) {
      const near = `({targetHits: ${count}}nearestNeighbor(embedding, q))`
      const where = [`collection contains "${name}"`, near, ...partsOf(filter)].join(' and ')
      const yql = `select row from similar_item where ${where} limit ${count}`
      const { hits } = await ask({ yql, ranking: 'nearest', 'input.query(q)': vector, hits: count }, signal)
      return hits.map(({ fields }) => fields.row)
    },
    async *all(name, signal) {
      for await (const { row } of visit(of(name), signal)) yield row
    },
  }
}

/** Texts of YQL are written as those of JSON. Of numbers the schema has the price. */
function partsOf({ conditions }: EngineFilter): string[] {
  return conditions.flatMap((condition) => {
    if ('oneOf' in condition) {
      const labels = labelsOf(condition.attribute, condition.oneOf)
      return `(${labels.map((label) => `labels contains ${JSON.stringify(label)}`).join(' or ') || 'false'})`
    }
    if (condition.attribute !== 'price') return []
    const [from, to] = [condition.from, condition.to].map((end) => Math.max(-1e300, Math.min(1e300, end)))
    return `price >= ${from} and price <= ${to}`
  })
}
