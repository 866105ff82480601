import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { refill } from '../../../src/engines/conformance/life-checks.js'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import type { HandlerOptions } from '../../../src/engines/handler/handler-options.js'
import { similarHandler } from '../../../src/engines/handler/similar-handler.js'
import { memoryEngine } from '../../../src/engines/memory-engine.js'
import { nodeListener } from '../../../src/engines/node-listener.js'
import { encodedRows, quantize, toBase64 } from '../../../src/engines/stored-vector.js'
import type { VectorEngine } from '../../../src/engines/vector-engine.js'
import { rank } from '../../../src/ranking/rank.js'
import { groupRows } from '../../../src/ranking/row-groups.js'
import type { Embedding } from '../../../src/types.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'

const data = madeRows(600, 16)
const engine = memoryEngine()
await refill({ engine, data })

const filters = {
  half: { attribute: 'half', kind: 'text', values: ['yes', 'no'] },
  price: { attribute: 'price', kind: 'number' },
} as const

function handler(options: Partial<HandlerOptions> = {}) {
  return similarHandler({ engine, filters, ...options })
}

const get = (query: string, init?: RequestInit) => new Request(`http://localhost/api/similar${query}`, init)
const post = (body: unknown, headers: Record<string, string> = {}) =>
  get('', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

interface Answered {
  readonly space: string
  readonly hits: readonly { readonly product: { readonly id: string }; readonly score: number }[]
}
const listOf = async (response: Response) => {
  expect(response.status).toBe(200)
  const { hits } = (await response.json()) as Answered
  return hits.map(({ product, score }) => [product.id, score])
}
const failure = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return { status: response.status, code: error.code, message: error.message }
}

/** A page's table with the same rows. */
const table = new VectorTable(data.space)
table.setAll(
  data.rows.map(({ id }) => ({ id, contentKey: id })),
  encodedRows(
    data.rows.map(({ vector }) => vector),
    16,
  ),
)
const vectorQuestion = ({ space, vector }: Embedding) => {
  const { levels, scale } = quantize(vector)
  return { vector: toBase64(levels), scale, space: space.fingerprint }
}

const groups = groupRows(
  table.entries,
  new Map(data.rows.map(({ id, group }) => [id, { item_group_id: group ?? '' }])),
)

test.each([{ limit: 9 }, { limit: 5, diversity: 0.4 }, { limit: 12, perGroup: 3 }])(
  'the list of an item is the one that a page makes, with %o',
  async (options) => {
    for (const { id, group } of data.rows.slice(0, 30)) {
      const query = table.embeddingOf(id) as Embedding
      const isVariant = (other: string) =>
        group !== null && data.rows.find((row) => row.id === other)?.group === group
      const expected = rank(table, query, options, {
        eligible: (other) => other !== id && !isVariant(other),
        groups,
        shown: [{ contentKey: id, vector: query.vector }],
      })
      const address = new URLSearchParams({ item: id })
      for (const [name, value] of Object.entries(options)) address.set(name, String(value))
      const list = await listOf(await handler()(get(`?${address}`)))
      expect(list).toEqual(expected.map(({ id, score }) => [id, score]))
    }
  },
)

test('a vector of 8 bits finds what is near, in some hundred bytes', async () => {
  const embedding = data.queries[0] as Embedding
  const question = vectorQuestion(embedding)
  expect(JSON.stringify(question).length).toBeLessThan(250)
  const list = await listOf(await handler()(post({ ...question, limit: 5 })))
  expect(list.map(([id]) => id)).toEqual(rank(table, embedding, { limit: 5 }, { groups }).map(({ id }) => id))
})

test('items with weights, filters in address and body, and limits', async () => {
  const handle = handler({ limits: { list: 20 } })
  const both = await listOf(await handle(post({ items: ['row-1', 'row-2'], weights: [2, 1] })))
  expect(both).toHaveLength(12)
  expect(both.map(([id]) => id)).not.toContain('row-2')
  const byAddress = await listOf(await handle(get('?item=row-1&half=yes&price=..100')))
  const byBody = await listOf(
    await handle(post({ items: ['row-1'], filters: { half: ['yes'], price: ['..100'] } })),
  )
  expect(byBody).toEqual(byAddress)
  const kept = new Set(
    data.rows
      .filter(({ values }) => values.half === 'yes' && Number(values.price) <= 100)
      .map(({ id }) => id),
  )
  expect(byAddress.every(([id]) => kept.has(String(id)))).toBe(true)
  expect(await listOf(await handle(get('?item=row-1&limit=5000')))).toHaveLength(20)
})

test('caches may keep the list of an item, and are told when it is the same', async () => {
  const handle = handler()
  const first = await handle(get('?item=row-1'))
  const etag = first.headers.get('etag') ?? ''
  expect(first.headers.get('cache-control')).toMatch(/^public, max-age=60/)
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await handle(get('?item=row-1', { headers: { 'if-none-match': known } }))
    expect([again.status, await again.text()]).toEqual([304, ''])
  }
  expect((await handle(get('?item=row-2', { headers: { 'if-none-match': etag } }))).status).toBe(200)
  const head = await handle(get('?item=row-1', { method: 'HEAD' }))
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, ''])
  const vector = await handle(post(vectorQuestion(data.queries[0] as Embedding)))
  expect(vector.headers.get('cache-control')).toBe('no-store')
  for (const response of [first, vector]) {
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  }
})

test('who is not allowed gets nothing, and caches that others share keep nothing of who is', async () => {
  const handle = handler({ allow: ({ headers }) => headers.get('authorization') === 'yes' })
  expect(await failure(await handle(get('?item=row-1')))).toMatchObject({
    status: 403,
    code: 'request-refused',
  })
  const allowed = await handle(get('?item=row-1', { headers: { authorization: 'yes' } }))
  expect(allowed.headers.get('cache-control')).toMatch(/^private/)
  const limited = handler({ allow: () => new Response(null, { status: 429 }) })
  expect((await limited(get('?item=row-1'))).status).toBe(429)
})

test('says what it answers from', async () => {
  const response = await handler({ projection: '/p.safetensors' })(get('?describe'))
  const { space } = data
  expect(await response.json()).toEqual({
    space,
    count: 600,
    projection: '/p.safetensors',
    filters: ['half', 'price'],
  })
})

test('products come from the shop where it gives them; those it leaves out are not shown', async () => {
  const stored = (await listOf(await handler()(get('?item=row-1')))).map(([id]) => id)
  const asked: string[][] = []
  const products = async (ids: readonly string[]) => {
    asked.push([...ids])
    return ids.slice(1).map((id) => ({ id, title: 'Now' }))
  }
  const live = await listOf(await handler({ products })(get('?item=row-1')))
  expect(asked).toEqual([stored])
  expect(live.map(([id]) => id)).toEqual(stored.slice(1))
})

const valid = vectorQuestion(data.queries[0] as Embedding)
test.each<[string, Request, number, string]>([
  ['no item', get(''), 400, 'invalid-argument'],
  ['an empty item', get('?item='), 400, 'invalid-argument'],
  ['an endless id', get(`?item=${'a'.repeat(1001)}`), 400, 'invalid-argument'],
  ['too many items', get(`?${'item=row-1&'.repeat(21)}`), 400, 'invalid-argument'],
  ['an unknown item', get('?item=nothing'), 404, 'product-unknown'],
  ['an id that no database can store', get('?item=a%00b'), 404, 'product-unknown'],
  ['a filter that is not declared', get('?item=row-1&brand=x'), 400, 'invalid-argument'],
  ['a filter called as a prototype', get('?item=row-1&__proto__=x'), 400, 'invalid-argument'],
  ['a value that is not declared', get("?item=row-1&half=' or 1=1"), 400, 'invalid-argument'],
  ['too many values', get(`?item=row-1${'&half=yes'.repeat(21)}`), 400, 'invalid-argument'],
  ['a range that is none', get('?item=row-1&price=cheap'), 400, 'invalid-argument'],
  ['a range without ends', get('?item=row-1&price=..'), 400, 'invalid-argument'],
  ['a range that is upside down', get('?item=row-1&price=9..1'), 400, 'invalid-argument'],
  ['two ranges', get('?item=row-1&price=1..2&price=3..4'), 400, 'invalid-argument'],
  ['a limit of none', get('?item=row-1&limit=0'), 400, 'invalid-argument'],
  ['a limit that is no number', get('?item=row-1&limit=many'), 400, 'invalid-argument'],
  ['an empty limit', get('?item=row-1&limit='), 400, 'invalid-argument'],
  ['a diversity of two', get('?item=row-1&diversity=2'), 400, 'invalid-argument'],
  ['a body that is no JSON', post('{'), 400, 'invalid-argument'],
  ['a body that is a list', post('[]'), 400, 'invalid-argument'],
  ['a body of null', post('null'), 400, 'invalid-argument'],
  ['an empty body', post(''), 400, 'invalid-argument'],
  ['neither vector nor items', post({}), 400, 'invalid-argument'],
  ['both', post({ ...valid, items: ['row-1'] }), 400, 'invalid-argument'],
  ['a vector of another space', post({ ...valid, space: 'other' }), 409, 'space-mismatch'],
  ['a vector of another length', post({ ...valid, vector: 'AQID' }), 400, 'invalid-argument'],
  ['a vector that is no Base64', post({ ...valid, vector: '%%%%' }), 400, 'invalid-argument'],
  ['a vector of zeros', post({ ...valid, vector: 'AAAAAAAAAAAAAAAAAAAAAA==' }), 400, 'invalid-argument'],
  ['a scale of nothing', post({ ...valid, scale: 0 }), 400, 'invalid-argument'],
  ['no scale', post({ ...valid, scale: null }), 400, 'invalid-argument'],
  ['weights of another number', post({ items: ['row-1'], weights: [1, 2] }), 400, 'invalid-argument'],
  ['weights that cancel out', post({ items: ['row-1', 'row-1'], weights: [1, -1] }), 400, 'invalid-argument'],
  ['an option that there is not', post({ items: ['row-1'], sql: 'x' }), 400, 'invalid-argument'],
  ['filters that are a list', post({ items: ['row-1'], filters: ['half'] }), 400, 'invalid-argument'],
  ['filters of numbers', post({ items: ['row-1'], filters: { half: [1] } }), 400, 'invalid-argument'],
  ['a form of another site', post('{}', { 'content-type': 'text/plain' }), 415, 'request-refused'],
  ['a body that is too long', post({ items: ['a'.repeat(20_000)] }), 413, 'request-refused'],
  ['another method', get('?item=row-1', { method: 'DELETE' }), 405, 'request-refused'],
  ['a question of another site’s script', get('', { method: 'OPTIONS' }), 405, 'request-refused'],
])('refuses %s', async (_, request, status, code) => {
  expect(await failure(await handler()(request))).toMatchObject({ status, code })
})

test('what an engine fails with stays on the server', async () => {
  const onError = vi.fn()
  const secret = new Error('password authentication failed for user "shop"')
  const broken: VectorEngine = { ...engine, vectorOf: () => Promise.reject(secret) }
  const answered = await failure(await handler({ engine: broken, onError })(get('?item=row-1')))
  expect(answered).toMatchObject({ status: 503, code: 'engine-unreachable' })
  expect(answered.message).not.toContain('password')
  expect(onError).toHaveBeenCalledWith(secret, expect.any(Request))
  const empty = await failure(await handler({ engine: memoryEngine() })(get('?item=row-1')))
  expect(empty).toMatchObject({ status: 503, code: 'engine-empty' })
})

/** An engine that never answers, and tells of the signals that it was given. */
function hangingEngine() {
  const signals: AbortSignal[] = []
  const vectorOf: VectorEngine['vectorOf'] = (_, signal) => {
    if (signal) signals.push(signal)
    return new Promise(() => undefined)
  }
  return { signals, engine: { ...engine, vectorOf } }
}

test('an engine that does not answer in time is given up, and hears of it', async () => {
  const hanging = hangingEngine()
  const answered = await handler({ engine: hanging.engine, limits: { time: 20 } })(get('?item=row-1'))
  expect(await failure(answered)).toMatchObject({ status: 504, code: 'engine-timeout' })
  expect(hanging.signals.map(({ aborted }) => aborted)).toEqual([true])
})

async function listen(options: Partial<HandlerOptions>) {
  const server = createServer(nodeListener(handler(options)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}/api/similar`, close: () => server.close() }
}

test('Node serves it', async () => {
  const server = await listen({})
  try {
    expect(await listOf(await fetch(`${server.url}?item=row-1`))).toHaveLength(12)
    const question = { ...valid, limit: 3 }
    const headers = { 'content-type': 'application/json' }
    const posted = await fetch(server.url, { method: 'POST', body: JSON.stringify(question), headers })
    expect(await listOf(posted)).toHaveLength(3)
    const long = await fetch(server.url, { method: 'POST', body: 'a'.repeat(1e6), headers })
    expect(await failure(long)).toMatchObject({ status: 413 })
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = httpRequest({
        port: server.port,
        path: '//evil.example/?item=row-1',
        headers: { host: 'evil:x y' },
      })
      asked.on('response', (response) => resolve(response.statusCode)).on('error', reject)
      asked.end()
    })
    expect(status).toBe(200)
  } finally {
    server.close()
  }
})

test('a client that leaves ends its query', async () => {
  const hanging = hangingEngine()
  const server = await listen({ engine: hanging.engine, limits: { time: 600_000 } })
  try {
    const controller = new AbortController()
    const asked = fetch(`${server.url}?item=row-1`, { signal: controller.signal })
    await vi.waitFor(() => expect(hanging.signals).toHaveLength(1), { timeout: 10_000 })
    controller.abort()
    await expect(asked).rejects.toThrow()
    await vi.waitFor(() => expect(hanging.signals[0]?.aborted).toBe(true), { timeout: 10_000 })
  } finally {
    server.close()
  }
})
