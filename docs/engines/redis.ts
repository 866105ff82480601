import { type Collections, type EngineFilter, labelsOf } from 'similar-items/server'

/** What sends a command: `(words) => client.sendCommand(words)` of the package `redis`, with answers as texts. */
type Send = (words: (string | Buffer)[]) => Promise<unknown>

/** Redis 8, or Redis Stack. Not run by us: hold it to the conformance kit before you use it. */
export function redis(send: Send): Collections {
  const keyOf = (name: string, key: string) => `${name}:${key}`
  /** FT.SEARCH answers with a number, and for every row its key and `['row', text]`. */
  const search = async (name: string, query: string, ...words: (string | Buffer)[]) => {
    const given = ['FT.SEARCH', name, query, ...words, 'RETURN', '1', 'row', 'DIALECT', '2']
    const [total, ...found] = (await send(given)) as [number, ...unknown[]]
    const rows = found.flatMap((item) => (Array.isArray(item) ? [String(item[1])] : []))
    return { total, rows }
  }
  const names = async () => (await send(['FT._LIST'])) as string[]
  return {
    async create(name, dimensions) {
      if ((await names()).includes(name)) return
      const vector = ['HNSW', '8', 'TYPE', 'FLOAT32', 'DIM', String(dimensions), 'DISTANCE_METRIC', 'IP']
      const labels = ['labels', 'TAG', 'SEPARATOR', '|', 'CASESENSITIVE']
      const schema = ['embedding', 'VECTOR', ...vector, 'EF_RUNTIME', '200', ...labels, 'price', 'NUMERIC']
      await send(['FT.CREATE', name, 'ON', 'HASH', 'PREFIX', '1', `${name}:`, 'SCHEMA', ...schema])
    },
    names: async (prefix) => (await names()).filter((name) => name.startsWith(prefix)),
    drop: async (name) => void (await send(['FT.DROPINDEX', name, 'DD'])),
    count: async (name) => (await search(name, '*', 'LIMIT', '0', '0')).total,
    async put(name, points) {
      if (!(await names()).includes(name)) throw new Error(`Redis has no index ${name}`)
      for (const { key, vector, labels, numbers, row } of points) {
        const embedding = Buffer.from(new Float32Array(vector).buffer)
        const fields = ['labels', labels.map(tag).join('|'), 'row', row, 'price', String(numbers.price ?? '')]
        await send(['HSET', keyOf(name, key), 'embedding', embedding, ...fields])
        if (numbers.price === undefined) await send(['HDEL', keyOf(name, key), 'price'])
      }
    },
    async delete(name, keys) {
      await send(['DEL', ...keys.map((key) => keyOf(name, key))])
    },
    async get(name, keys) {
      const rows = await Promise.all(keys.map((key) => send(['HGET', keyOf(name, key), 'row'])))
      return rows.filter((row) => typeof row === 'string')
    },
    async search(name, { vector, count, filter }) {
      const near = `(${queryOf(filter)})=>[KNN ${count} @embedding $vector AS distance]`
      const bytes = Buffer.from(new Float32Array(vector).buffer)
      const limits = ['SORTBY', 'distance', 'LIMIT', '0', String(count)]
      return (await search(name, near, 'PARAMS', '2', 'vector', bytes, ...limits)).rows
    },
    async *all(name) {
      for (let cursor = '0'; ; ) {
        const [next, keys] = (await send(['SCAN', cursor, 'MATCH', `${name}:*`, 'COUNT', '1000'])) as [
          string,
          string[],
        ]
        for (const key of keys) {
          const row = await send(['HGET', key, 'row'])
          // One that was deleted meanwhile has none.
          if (typeof row === 'string') yield row
        }
        if (next === '0') return
        cursor = next
      }
    },
  }
}

/** A label as a tag: in hexadecimal digits, no letter of it means anything. */
function tag(label: string): string {
  return Buffer.from(label).toString('hex')
}

/** Of numbers the index has the price; other ranges are left to what happens afterwards. */
function queryOf({ conditions }: EngineFilter): string {
  const parts = conditions.flatMap((condition) => {
    if ('oneOf' in condition) {
      return `@labels:{${labelsOf(condition.attribute, condition.oneOf).map(tag).join('|') || 'none'}}`
    }
    const [from, to] = [condition.from, condition.to].map((end) => String(end).replace('Infinity', 'inf'))
    return condition.attribute === 'price' ? `@price:[${from} ${to}]` : []
  })
  return parts.join(' ') || '*'
}
