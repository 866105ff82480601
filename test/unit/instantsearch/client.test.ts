import type { InstantSearchOptions } from 'instantsearch.js'
import type { InstantSearchProps } from 'react-instantsearch'
import { describe, expect, test, vi } from 'vitest'
import { similarItemsClient } from '../../../src/instantsearch/index.js'
import type { Product, QueryOptions, RankedList } from '../../../src/types.js'

const products: readonly Product[] = ['oak', 'ash', 'elm', 'fir', 'yew'].map((id, index) => ({
  id,
  title: `A <b>${id}</b>`,
  image_link: `https://shop.example/${id}.jpg`,
  price: `${10 * (index + 1)}.00 EUR`,
  brand: index % 2 === 0 ? 'Even' : 'Odd',
}))

/** Ranks the products in their order, with the scores 0.9, 0.7, 0.5, -0.1. */
class Source extends EventTarget {
  readonly asked: QueryOptions[] = []
  readonly answers: Partial<RankedList>[]

  constructor(...answers: Partial<RankedList>[]) {
    super()
    this.answers = answers
  }

  async similarTo(id: string, options: QueryOptions = {}): Promise<RankedList> {
    this.asked.push(options)
    const { limit = 12, minScore = -1, filter = () => true } = options
    const scored = products
      .filter((product) => product.id !== id)
      .map((product, index) => ({ product, score: [0.9, 0.7, 0.5, -0.1][index] as number }))
    const hits = scored.filter(({ product, score }) => filter(product) && score >= minScore).slice(0, limit)
    return {
      queryId: 'q',
      hits: hits.map((hit, rank) => ({ ...hit, rank })),
      space: null,
      ranked: 5,
      total: 5,
      complete: true,
      timings: {} as RankedList['timings'],
      ...this.answers.shift(),
    }
  }
}

const ask = async (parameters: object = {}, source = new Source(), settings: object = {}) => {
  const client = similarItemsClient({ source, ...settings })
  const query = {
    model: 'looking-similar',
    indexName: 'products',
    objectID: 'oak',
    threshold: 0,
    ...parameters,
  }
  const { results } = await client.getRecommendations([query])
  return {
    result: results[0],
    ids: results[0].hits.map(({ objectID }: { objectID: string }) => objectID),
    source,
  }
}

describe('lookingSimilar', () => {
  test('gets records with an objectID, a score and texts to highlight', async () => {
    const { result, ids } = await ask()
    expect(ids).toEqual(['ash', 'elm', 'fir', 'yew'])
    const text = { value: 'A <b>ash</b>', matchLevel: 'none', matchedWords: [] }
    expect(result.hits[0]).toMatchObject({
      title: 'A <b>ash</b>',
      _score: 90,
      _highlightResult: { title: text },
      _snippetResult: { title: text },
    })
    expect(result.hits[3]._score).toBe(0)
    expect(result).toMatchObject({ nbHits: 4, exhaustive: { nbHits: true } })
    expect(result).not.toHaveProperty('queryID')
  })

  test.each([
    ['its limit', { maxRecommendations: 2 }, ['ash', 'elm']],
    ['no limit', { maxRecommendations: 0 }, ['ash', 'elm', 'fir', 'yew']],
    ['its threshold', { threshold: 60 }, ['ash', 'elm']],
    ['hitsPerPage', { queryParameters: { hitsPerPage: 1 } }, ['ash']],
    ['filters', { queryParameters: { filters: 'brand:odd AND price < 30' } }, ['ash']],
    [
      'facetFilters',
      { queryParameters: { facetFilters: [['brand:Even', 'price:20'], 'brand:-Odd'] } },
      ['elm', 'yew'],
    ],
    ['facetFilters of one text', { queryParameters: { facetFilters: 'brand:Odd' } }, ['ash', 'fir']],
    [
      'numericFilters',
      { queryParameters: { numericFilters: ['price>20', ['price=30', 'price=40']] } },
      ['elm', 'fir'],
    ],
    ['tagFilters', { queryParameters: { tagFilters: ['-Odd'] } }, ['ash', 'elm', 'fir', 'yew']],
    ['empty filters', { queryParameters: { filters: ' ', facetFilters: [] } }, ['ash', 'elm', 'fir', 'yew']],
    [
      'what changes no list',
      { queryParameters: { clickAnalytics: true, highlightPreTag: '<i>' } },
      ['ash', 'elm', 'fir', 'yew'],
    ],
    [
      'fallbackParameters where there are too few',
      { maxRecommendations: 3, threshold: 80, fallbackParameters: { filters: 'brand:Odd' } },
      ['ash', 'fir'],
    ],
  ])('follows %s', async (_, parameters, expected) => {
    expect((await ask(parameters)).ids).toEqual(expected)
  })

  test('follows distinct', async () => {
    const { source } = await ask({ queryParameters: { distinct: 2 } })
    expect(source.asked[0]).toMatchObject({ perGroup: 2, limit: 30, minScore: -1 })
    expect((await ask({ queryParameters: { distinct: false } })).source.asked[0]?.perGroup).toBeGreaterThan(
      30,
    )
  })

  test.each([
    [{ queryParameters: { optionalFilters: ['brand:Odd'] } }, 'queryParameters.optionalFilters'],
    [{ fallbackParameters: { query: 'chair' }, maxRecommendations: 9 }, 'fallbackParameters.query'],
    [{ queryParameters: { filters: 3 } }, 'queryParameters.filters of a lookingSimilar widget must be text'],
    [{ queryParameters: { hitsPerPage: 'many' } }, 'must be a positive whole number'],
    [{ queryParameters: { facetFilters: ['Odd'] } }, 'it has to be attribute:value'],
    [{ queryParameters: { facetFilters: { brand: 'Odd' } } }, 'must be a list of texts'],
    [{ queryParameters: { filters: 'brand:' } }, 'a value is missing'],
    [{ queryParameters: { filters: 'categories:Chairs' } }, 'filters by "categories", which no product has'],
  ])('explains %j', async (parameters, message) => {
    await expect(ask(parameters)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(message),
    })
  })

  test('an attribute that only some products have is no mistake', async () => {
    const toRecord = ({ id }: Product) => ({ name: id, ...(id === 'ash' && { sale: 'yes' }) })
    const { ids } = await ask({ queryParameters: { filters: 'name:elm AND sale:yes' } }, undefined, {
      toRecord,
    })
    expect(ids).toEqual([])
  })

  test('an attribute that no product has is no mistake where its filter lets products through', async () => {
    const parameters = { threshold: 95, queryParameters: { filters: 'NOT discontinued:true' } }
    expect((await ask(parameters)).ids).toEqual([])
  })

  test('a filter that leaves nothing does not keep the fallback from the page', async () => {
    const queryParameters = { filters: 'season:winter' }
    const { ids } = await ask({ queryParameters, fallbackParameters: { filters: 'brand:Odd' } })
    expect(ids).toEqual(['ash', 'fir'])
    const nothing = ask({ queryParameters, fallbackParameters: { filters: 'brand:None' } })
    await expect(nothing).rejects.toThrow('filters by "season"')
  })

  test('shows and filters the records that toRecord makes', async () => {
    const toRecord = ({ title, price }: Product) => ({
      name: title,
      price: Number.parseInt(price as string, 10),
    })
    const parameters = { queryParameters: { filters: 'price:20 TO 30' } }
    const { result } = await ask(parameters, undefined, { toRecord })
    expect(result.hits.map(({ name, price }: { name: string; price: number }) => [name, price])).toEqual([
      ['A <b>ash</b>', 20],
      ['A <b>elm</b>', 30],
    ])
    expect(result.hits[0]).not.toHaveProperty('title')
  })

  test('waits until the list is complete', async () => {
    const source = new Source({ complete: false, hits: [] })
    const waiting = ask({}, source)
    await vi.waitFor(() => expect(source.asked).toHaveLength(1))
    source.dispatchEvent(new Event('change'))
    const { ids, result } = await waiting
    expect(ids).toHaveLength(4)
    expect(result.exhaustive.nbHits).toBe(true)
  })

  test('shows what there is when its patience ends', async () => {
    const never = new Source({ complete: false, hits: [] }, { complete: false, hits: [] })
    const { ids, result } = await ask({}, never, { patience: 0 })
    expect([ids, result.exhaustive.nbHits]).toEqual([[], false])
  })
})

describe('everything else', () => {
  /** As some clients are: with state that only their own methods reach. */
  class ShopClient {
    readonly #log: string[] = []
    readonly applicationID = 'shop'
    async search(queries: readonly { indexName: string }[]) {
      this.#log.push(...queries.map(({ indexName }) => indexName))
      return { results: [...this.#log] }
    }
    async getRecommendations(queries: readonly { model: string }[]) {
      return { results: queries.map(({ model }) => ({ model })) }
    }
  }

  test('is what the page has', async () => {
    const client = similarItemsClient({ source: new Source(), client: new ShopClient() })
    expect(client.applicationID).toBe('shop')
    expect('applicationID' in client).toBe(true)
    expect('clearCache' in client).toBe(false)
    expect(await client.search([{ indexName: 'products' }])).toEqual({ results: ['products'] })
    const similar = { model: 'looking-similar', objectID: 'oak', threshold: 0 }
    const { results } = await client.getRecommendations([
      { model: 'related-products' },
      similar,
      { model: 'bought-together' },
    ])
    expect(results[0]).toEqual({ model: 'related-products' })
    expect(results[1]).toHaveProperty('hits.length', 4)
    expect(results[2]).toEqual({ model: 'bought-together' })
  })

  test('may be put in front of by InstantSearch', async () => {
    const shop = new ShopClient()
    const client = similarItemsClient({ source: new Source(), client: shop })
    const search = client.search.bind(client)
    client.search = async (queries) => ({ results: ['stored', ...(await search(queries)).results] })
    expect(await client.search([{ indexName: 'a' }])).toEqual({ results: ['stored', 'a'] })
    expect(await shop.search([])).toEqual({ results: ['a'] })
  })

  test('may be frozen', async () => {
    const page = Object.freeze({
      appId: 'shop',
      search: async () => ({ results: ['found'] }),
      getRecommendations: async () => ({ results: [{ hits: [] }] }),
    })
    const client = similarItemsClient({ source: new Source(), client: page })
    expect(await client.search([])).toEqual({ results: ['found'] })
    expect(client).toHaveProperty('appId', 'shop')
    expect(Object.keys(client)).toEqual(['appId', 'search', 'getRecommendations'])
    expect({ ...client }.search).toBe(client.search)
    const changed = Object.assign(client, { _cacheHydrated: true, search: async () => ({ results: [] }) })
    expect([changed._cacheHydrated, await client.search([])]).toEqual([true, { results: [] }])
  })

  test('is refused where the page has nothing', async () => {
    const client = similarItemsClient({ source: new Source() })
    await expect(client.search([])).rejects.toThrow('give similarItemsClient your search client')
    const related = client.getRecommendations([{ model: 'related-products' }])
    await expect(related).rejects.toThrow('"related-products"')
  })

  test('in Node it says that lists are made in the browser', async () => {
    const client = similarItemsClient({ catalog: '/catalog.json' })
    const asked = client.getRecommendations([{ model: 'looking-similar', objectID: 'oak' }])
    await expect(asked).rejects.toThrow('found in the browser')
  })
})

test('is a client by the types of InstantSearch, with and without one of the page', () => {
  class PageClient {
    readonly appId = 'shop'
    search: NonNullable<InstantSearchOptions['searchClient']>['search'] = async () => ({ results: [] })
  }
  const alone: InstantSearchOptions = { searchClient: similarItemsClient({ catalog: '/catalog.json' }) }
  const client = new PageClient()
  const beside: InstantSearchProps = { searchClient: similarItemsClient({ source: new Source(), client }) }
  expect(alone.searchClient?.search).toBeTypeOf('function')
  expect(beside.searchClient).toHaveProperty('appId', 'shop')
})
