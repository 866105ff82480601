import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCatalog } from '../../../src/catalog/parse-catalog.js'
import { isSimilarItemsError } from '../../../src/errors.js'
import type { Product } from '../../../src/types.js'

const base = 'https://shop.example/feeds/catalog.json'
const lamp = { id: 'lamp', title: 'Lamp', image_link: 'https://cdn.example/lamp.jpg' }

/** The product and the reasons that a feed of one item leads to. */
function parseOne(item: unknown) {
  const { products, skipped } = parseCatalog([item], base)
  return { product: products[0], skipped: skipped[0] }
}

describe('a feed', () => {
  test.each([
    ['an array', [lamp]],
    ['an object with items', { items: [lamp] }],
    ['an object with products', { products: [lamp] }],
    ['an object whose items is something else', { items: 3, products: [lamp] }],
  ])('is %s', (_, feed) => {
    expect(parseCatalog(feed, base).products).toEqual([lamp])
  })

  test('may be empty', () => {
    expect(parseCatalog([], base)).toEqual({ products: [], skipped: [], extras: new Map() })
  })

  test('keeps what it says beside its items', () => {
    const feed = JSON.parse('{"pack": {"url": "x"}, "__proto__": 1, "items": []}')
    expect([...parseCatalog(feed, base).extras]).toEqual([
      ['pack', { url: 'x' }],
      ['__proto__', 1],
    ])
  })

  test.each([[null], [''], ['<html>'], [3], [true], [{}], [{ items: { a: lamp } }]])('is not %j', (feed) => {
    expect(() => parseCatalog(feed, base)).toThrow(
      expect.objectContaining({
        code: 'catalog-invalid',
        subject: base,
        message: expect.stringContaining(base),
      }),
    )
  })

  test('needs an absolute base URL', () => {
    expect(() => parseCatalog([lamp], '/catalog.json')).toThrow(
      expect.objectContaining({ code: 'invalid-argument', subject: '/catalog.json' }),
    )
  })

  test('keeps the first of two items with one id', () => {
    const { products, skipped } = parseCatalog([lamp, { ...lamp, id: ' lamp ', title: 'Other' }], base)
    expect(products).toEqual([lamp])
    expect(skipped).toEqual([{ id: 'lamp', reason: expect.stringContaining('#2') }])
  })

  test('does not reserve an id for an item that is skipped', () => {
    const { products } = parseCatalog([{ id: 'lamp' }, lamp], base)
    expect(products).toEqual([lamp])
  })
})

describe('an item', () => {
  test('has links resolved against the feed', () => {
    const { product } = parseOne({ ...lamp, link: '../p/1?a=b', image_link: '//cdn.example/a b.jpg' })
    expect(product?.link).toBe('https://shop.example/p/1?a=b')
    expect(product?.image_link).toBe('https://cdn.example/a%20b.jpg')
  })

  test('has text, numbers, booleans and lists of them as text, and nothing else', () => {
    const { product } = parseOne({
      ...lamp,
      id: 7,
      title: ' 501 ',
      price: 24.9,
      adult: false,
      product_type: ['Home > Light', 'Gifts'],
      additional_image_link: ['https://cdn.example/2.jpg'],
      sizes: [38, '40'],
      mixed: ['a', { b: 1 }],
      shipping: { country: 'DE' },
      color: null,
    })
    expect(product).toEqual({
      id: '7',
      title: '501',
      image_link: lamp.image_link,
      price: '24.9',
      adult: 'false',
      product_type: 'Home > Light',
      additional_image_link: ['https://cdn.example/2.jpg'],
      sizes: ['38', '40'],
    })
  })

  test.each([undefined, null, '', '  '])('may do without a link (%j)', (link) => {
    expect(parseOne({ ...lamp, link }).product).toEqual(lamp)
  })

  test.each([
    ['no attributes', null, '#1', 'not an object'],
    ['a list', [lamp], '#1', 'not an object'],
    ['no id', { ...lamp, id: undefined }, '#1', 'no id'],
    ['a blank id', { ...lamp, id: '  ' }, '#1', 'no id'],
    ['an id that is an object', { ...lamp, id: {} }, '#1', 'no id'],
    ['no title', { ...lamp, title: '' }, 'lamp', 'no title'],
    ['no picture', { ...lamp, image_link: undefined }, 'lamp', 'no image_link'],
    ['a picture that is a list', { ...lamp, image_link: ['a.jpg'] }, 'lamp', 'image_link is not text'],
    ['a data: picture', { ...lamp, image_link: 'data:image/png;base64,AA' }, 'lamp', 'not an http'],
    ['a script as picture', { ...lamp, image_link: 'javascript:alert(1)' }, 'lamp', 'not an http'],
    ['an impossible picture', { ...lamp, image_link: 'http://[' }, 'lamp', 'not a URL'],
    ['a script as link', { ...lamp, link: ' Java\nScript:alert(1)' }, 'lamp', 'link "'],
    ['a file as link', { ...lamp, link: 'file:///etc/passwd' }, 'lamp', 'not an http'],
    ['a number as link', { ...lamp, link: 5 }, 'lamp', 'link is not text'],
  ])('is skipped with %s', (_, item, id, reason) => {
    const { product, skipped } = parseOne(item)
    expect(product).toBeUndefined()
    expect(skipped).toEqual({ id, reason: expect.stringContaining(reason) })
  })

  test('cannot change a prototype', () => {
    const item = JSON.parse(
      `{"id": "constructor", "title": "T", "image_link": "/a.jpg",
        "__proto__": ["polluted"], "constructor": {"prototype": {"polluted": 1}}}`,
    )
    const { product } = parseOne(item)
    expect(product).toEqual({ id: 'constructor', title: 'T', image_link: 'https://shop.example/a.jpg' })
    expect(Object.keys(product ?? {})).not.toContain('__proto__')
    expect(Object.getPrototypeOf(Object.assign({}, product))).toBe(Object.prototype)
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('any JSON', () => {
  const anyLink = fc.oneof(
    fc.webUrl(),
    fc.webPath(),
    fc.string(),
    fc.constantFrom('javascript:1', '', null, 7),
  )
  const anyItem = fc.record(
    {
      id: fc.oneof(fc.string(), fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', '__proto__', null)),
      title: fc.oneof(fc.string(), fc.jsonValue()),
      image_link: anyLink,
      link: anyLink,
      price: fc.jsonValue(),
      color: fc.jsonValue(),
      additional_image_link: fc.array(fc.jsonValue()),
      constructor: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  const anyFeed = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.oneof({ weight: 4, arbitrary: anyItem }, fc.jsonValue())),
    fc.record({ items: fc.array(anyItem), pack: fc.jsonValue() }),
  )

  test('is a catalogue of valid products and explained skips, or catalog-invalid', () => {
    let products = 0
    fc.assert(
      fc.property(anyFeed, (feed) => {
        const json = JSON.parse(JSON.stringify(feed))
        try {
          const catalog = parseCatalog(json, base)
          const items = Array.isArray(json) ? json : (json.items ?? json.products)
          expect(catalog.products.length + catalog.skipped.length).toBe(items.length)
          expect(new Set(catalog.products.map(({ id }) => id)).size).toBe(catalog.products.length)
          catalog.products.forEach(assertProduct)
          for (const { id, reason } of catalog.skipped) expect(id && reason).toMatch(/\.$/)
          products += catalog.products.length
        } catch (error) {
          if (!isSimilarItemsError(error, 'catalog-invalid')) throw error
        }
      }),
      { numRuns: 500 },
    )
    expect(products).toBeGreaterThan(100)
  })

  function assertProduct(product: Product) {
    expect(product.id).toBe(product.id.trim())
    expect(product.id).not.toBe('')
    expect(product.title.trim()).not.toBe('')
    expect(product.image_link).toMatch(/^https?:\/\//)
    if (product.link !== undefined) expect(product.link).toMatch(/^https?:\/\//)
    for (const single of [product.price, product.color])
      expect(['string', 'undefined']).toContain(typeof single)
    for (const value of Object.values(product)) {
      for (const text of [value].flat()) expect(typeof text).toBe('string')
    }
    expect(Object.getPrototypeOf(product)).toBe(Object.prototype)
  }
})

test('blob pictures are taken from the page alone, and links never lead to one', () => {
  const blob = 'blob:https://shop.example/4e0c'
  const items = [
    { id: 'picture', title: 'Picture', image_link: blob },
    { id: 'link', title: 'Link', image_link: '/a.jpg', link: blob },
  ]
  const fromServer = parseCatalog(items, 'https://shop.example/')
  expect(fromServer.products).toEqual([])
  const fromPage = parseCatalog(items, 'https://shop.example/', { acceptsBlobPictures: true })
  expect(fromPage.products).toEqual([{ id: 'picture', title: 'Picture', image_link: blob }])
  expect(fromPage.skipped.map(({ id }) => id)).toEqual(['link'])
})
