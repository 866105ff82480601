import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { refill } from '../../../src/engines/conformance/life-checks.js'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { filterValues } from '../../../src/engines/filter-values.js'
import type { HandlerOptions } from '../../../src/engines/handler/handler-options.js'
import { similarHandler } from '../../../src/engines/handler/similar-handler.js'
import { memoryEngine } from '../../../src/engines/memory-engine.js'
import { nodeListener } from '../../../src/engines/node-listener.js'
import { encodedRows, quantize, toBase64 } from '../../../src/engines/stored-vector.js'
import type { FoundRows, VectorEngine } from '../../../src/engines/vector-engine.js'
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

test('in Node a response is sent as it is, and one whose body fails is a 500 that ends no process', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const failing = () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('cut off')) })
    return new Response(body, { status: 429 })
  }
  const cookies = () => {
    return new Response('wait', {
      status: 429,
      headers: [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['retry-after', '3'],
      ],
    })
  }
  const verdicts = [cookies, failing, true] as const
  let next = 0
  const server = await listen({
    allow: () => {
      const verdict = verdicts[next++] as (typeof verdicts)[number]
      return verdict === true || verdict()
    },
  })
  try {
    const ask = () => fetch(`${server.url}?item=row-1`)
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(refused.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(refused.headers.get('retry-after')).toBe('3')
    expect((await ask()).status).toBe(500)
    expect(String(told.mock.calls[0]?.[1])).toContain('cut off')
    expect((await ask()).status).toBe(200)
  } finally {
    server.close()
    told.mockRestore()
  }
})

test('products of a table whose key is a number are found by it', async () => {
  const { space, rows } = data
  const numbered = memoryEngine()
  await numbered.write(
    space,
    rows.map((row, index) => ({ ...row, id: String(index) })),
  )
  await numbered.activate(space)
  const products = async (ids: readonly string[]) => ids.map((id) => ({ id: Number(id), title: `now ${id}` }))
  const answered = await handler({ engine: numbered, products })(get('?item=1&limit=5'))
  expect(await listOf(answered)).toHaveLength(5)
})

test('a range asks about the numbers of a feed too, which are texts there, and a text filter about the same', async () => {
  const { space, rows } = data
  const rated = memoryEngine()
  const ratings = ['4.5', '3', ' 5 ', 'good', '-1.5', '10 of 10', 4]
  await rated.write(
    space,
    rows.map((row, index) => {
      const product = { ...row.product, rating: ratings[index % ratings.length] }
      return { ...row, product, values: filterValues(product) }
    }),
  )
  await rated.activate(space)
  const declared = {
    rating: { attribute: 'rating', kind: 'number' },
    stars: { attribute: 'rating', kind: 'text' },
    least: { attribute: 'lowest_price', kind: 'number' },
  } as const
  const ask = async (query: string) => {
    const response = await handler({ engine: rated, filters: declared })(
      get(`?item=row-0&limit=100&nearDuplicate=2&perGroup=1000&${query}`),
    )
    const { hits } = (await response.json()) as { hits: { product: { rating: unknown } }[] }
    return new Set(hits.map(({ product }) => product.rating))
  }
  expect(await ask('rating=3.5..')).toEqual(new Set(['4.5', ' 5 ', 4]))
  expect(await ask('rating=..0')).toEqual(new Set(['-1.5']))
  expect(await ask('stars=3')).toEqual(new Set(['3']))
  expect((await ask('least=0..')).size).toBe(ratings.length)
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

/** The engine, with another answer to what is nearest. */
function spoilt(spoil: (found: FoundRows) => FoundRows): VectorEngine {
  return { ...engine, nearest: async (query) => spoil(await engine.nearest(query)) }
}

test('rows that come twice, and those that were excepted, change nothing', async () => {
  const [subject] = (await engine.vectorOf(['row-0'])).rows
  const careless = spoilt(({ space, rows }) => {
    return { space, rows: [...rows, ...rows.slice(0, 9), ...(subject ? [subject] : [])].reverse() }
  })
  for (const query of ['?item=row-0', '?item=row-0&diversity=0.5', '?item=row-1&perGroup=2&limit=40']) {
    const expected = await listOf(await handler()(get(query)))
    expect(await listOf(await handler({ engine: careless })(get(query)))).toEqual(expected)
  }
})

test.each<[string, (found: FoundRows) => FoundRows]>([
  [
    'of another length',
    ({ space, rows }) => ({
      space,
      rows: rows.map((row) => ({ ...row, vector: { levels: new Int8Array(15), scale: 1 } })),
    }),
  ],
  [
    'of no length',
    ({ space, rows }) => ({
      space,
      rows: rows.map((row) => ({ ...row, vector: { ...row.vector, scale: Number.NaN } })),
    }),
  ],
])('an engine that gives vectors %s is named on the server', async (_, spoil) => {
  const onError = vi.fn()
  const answered = await failure(await handler({ engine: spoilt(spoil), onError })(get('?item=row-1')))
  expect(answered).toMatchObject({ status: 503, code: 'engine-unreachable' })
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'engine-invalid' })
})

test('a price is what a product costs now: sales begin and end after the push', async () => {
  const shop = memoryEngine()
  const sale = { price: '100 EUR', sale_price: '40 EUR', sale_price_effective_date: '2026-03-01/2026-03-31' }
  const rows = data.rows.slice(0, 200).map((row, at) => {
    const product = { ...row.product, ...(at % 2 === 0 ? sale : { price: '41 EUR' }) }
    return { ...row, product, values: filterValues(product) }
  })
  await shop.write(data.space, rows)
  await shop.activate(data.space)
  const pricesAt = async (date: string, price: string, products?: HandlerOptions['products']) => {
    vi.setSystemTime(date)
    const handle = handler({ engine: shop, ...(products && { products }) })
    const response = await handle(get(`?item=row-1&limit=50&price=${price}`))
    const { hits } = (await response.json()) as { hits: { product: { sale_price?: string } }[] }
    return hits.map(({ product }) => (product.sale_price === undefined ? 41 : 100))
  }
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const before = await pricesAt('2026-02-01', '30..50')
    expect(new Set(before)).toEqual(new Set([41]))
    // What does not pass now is made up for.
    expect(before).toHaveLength(50)
    expect(new Set(await pricesAt('2026-03-31T23:00:00Z', '30..50'))).toEqual(new Set([41, 100]))
    expect(new Set(await pricesAt('2026-04-01', '30..50'))).toEqual(new Set([41]))
    expect(new Set(await pricesAt('2026-04-01', '60..'))).toEqual(new Set([100]))
    expect(await pricesAt('2026-03-31', '60..')).toEqual([])
    const dearer = async (ids: readonly string[]) => ids.map((id) => ({ id, price: '90 EUR' }))
    expect(await pricesAt('2026-02-01', '30..50', dearer)).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})

test.each<[string, Record<string, unknown>, boolean]>([
  ['a decimal, as pg gives numeric', { price: '40.00' }, true],
  ['in words', { price: '€ 40' }, true],
  ['with a comma', { price: '40,00 EUR' }, true],
  ['not there', {}, true],
  ['a number with a sale', { price: 90, sale_price: 40 }, true],
  ['a number out of the range', { price: 90 }, false],
  ['a decimal out of the range', { price: '90.00' }, false],
])('a filter on the price, where the price of the shop is %s', async (_, current, isShown) => {
  const stored = await listOf(await handler()(get('?item=row-1&price=30..50')))
  expect(stored.length).toBeGreaterThan(0)
  const products = async (ids: readonly string[]) => ids.map((id) => ({ id, ...current }))
  const live = await listOf(await handler({ products })(get('?item=row-1&price=30..50')))
  expect(live).toEqual(isShown ? stored : [])
})

test('a filter cannot take the name of something else', () => {
  for (const name of ['item', 'limit', 'describe']) {
    const declared = { [name]: { attribute: 'brand', kind: 'text' } } as const
    expect(() => handler({ filters: declared })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  }
})

test.each([
  [
    'throws',
    () => {
      throw new Error('the disk is full')
    },
  ],
  ['rejects', () => Promise.reject(new Error('the disk is full'))],
])('a log that %s takes no answer with it', async (_, onError) => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  try {
    const broken: VectorEngine = { ...engine, vectorOf: () => Promise.reject(new Error('down')) }
    const answered = await handler({ engine: broken, onError })(get('?item=row-1'))
    expect(await failure(answered)).toMatchObject({ status: 503 })
    const said = [expect.any(String), expect.objectContaining({ message: 'the disk is full' })]
    await vi.waitFor(() => expect(told.mock.calls).toEqual([said]), { timeout: 10_000 })
  } finally {
    told.mockRestore()
  }
})

test.each<[string, (bytes: Buffer) => unknown]>([
  ['json', (bytes) => JSON.parse(bytes.toString())],
  ['text', (bytes) => bytes.toString()],
  ['raw', (bytes) => bytes],
])('a body that another reader has read is read all the same, as behind express.%s()', async (_, read) => {
  const answer = nodeListener(handler())
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part) => parts.push(part))
    incoming.on('end', () => answer(Object.assign(incoming, { body: read(Buffer.concat(parts)) }), outgoing))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ ...valid, limit: 3 })
    const posted = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })
    expect(await listOf(posted)).toHaveLength(3)
  } finally {
    server.close()
  }
})

test.each<[string, Request, Partial<HandlerOptions>?]>([
  ['a range of endless digits', get(`?item=row-1&price=${'1'.repeat(200_000)}`)],
  [
    'a vector of endless padding',
    post({ ...valid, vector: `${'='.repeat(300_000)}x` }),
    { limits: { body: 1e6 } },
  ],
  ['endless parameters', get(`?item=row-1&${'half=yes&'.repeat(200_000)}`)],
])(
  '%s are refused within the time that reading them takes',
  { timeout: 10_000 },
  async (_, request, options) => {
    expect(await failure(await handler(options)(request))).toMatchObject({ status: 400 })
  },
)

test('a Response of allow answers every request that it is given for', async () => {
  const busy = new Response('busy', { status: 429 })
  const handle = handler({ allow: () => busy })
  for (let request = 0; request < 2; request++) {
    expect(await (await handle(get('?item=row-1'))).text()).toBe('busy')
  }
})

test('a vector whose scale is out of all bounds is refused, not searched with', async () => {
  for (const scale of [1e308, 1e-320]) {
    const answered = await failure(await handler()(post({ ...valid, scale })))
    expect(answered).toMatchObject({ status: 400, code: 'invalid-argument' })
  }
})
