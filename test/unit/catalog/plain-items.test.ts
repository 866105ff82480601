import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCatalog } from '../../../src/catalog/parse-catalog.js'
import { plainItems } from '../../../src/catalog/plain-items.js'

const base = 'https://shop.example/feed.json'
const chair = { id: 'chair', title: 'Chair', image_link: '/chair.jpg' }
const isChair = { ...chair, image_link: 'https://shop.example/chair.jpg' }

/** A proxy of a value and of all that is in it, as frameworks make them. */
function watched<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, { get: (target, name, self) => watched(Reflect.get(target, name, self)) })
}

class Model {
  id = 'chair'
  title = 'Chair'
  readonly #picture = '/chair.jpg'
  get image_link() {
    return this.#picture
  }
  toJSON() {
    return { id: this.id, title: this.title, image_link: this.#picture }
  }
}

const cyclic: Record<string, unknown> = { ...chair }
cyclic.self = cyclic
cyclic.related = [cyclic]
const revoked = Proxy.revocable([], {})
revoked.revoke()

describe('plainItems', () => {
  test('leaves what JSON can say as it is', () => {
    const items = fc.array(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()))),
    )
    fc.assert(
      fc.property(items, (feed) => {
        expect(plainItems(feed)).toEqual(feed)
        expect(plainItems(watched(feed))).toEqual(feed)
      }),
    )
  })

  test.each<[string, unknown, object]>([
    ['a proxy', watched(chair), isChair],
    ['a class instance that says what its data is', new Model(), isChair],
    ['a function', { ...chair, onClick: () => undefined }, isChair],
    ['a symbol', { ...chair, color: Symbol('red') }, isChair],
    ['a key that is a symbol', { ...chair, [Symbol('mark')]: 'x' }, isChair],
    ['an object', { ...chair, color: { name: 'red' } }, isChair],
    ['an item that refers to itself', cyclic, isChair],
    ['a promise', { ...chair, color: Promise.resolve('red') }, isChair],
    ['a list with a function in it', { ...chair, tags: ['a', () => 'b'] }, isChair],
    ['a revoked proxy', { ...chair, tags: revoked.proxy }, isChair],
    ['a bigint', { ...chair, gtin: 4006381333931n }, { ...isChair, gtin: '4006381333931' }],
    ['a date', { ...chair, since: new Date(0) }, { ...isChair, since: '1970-01-01T00:00:00.000Z' }],
    ['an address', { ...chair, image_link: new URL('https://shop.example/chair.jpg') }, isChair],
    [
      'a getter that throws',
      {
        ...chair,
        get color() {
          throw new Error('not now')
        },
      },
      isChair,
    ],
  ])('keeps the data of an item with %s, and nothing that cannot be sent', (_, item, product) => {
    const plain = plainItems([item])
    expect(structuredClone(plain)).toEqual(plain)
    expect(parseCatalog(plain, base).products).toEqual([product])
  })

  test.each<[string, unknown, string]>([
    ['a function', () => chair, 'It has no id.'],
    ['a symbol', Symbol('chair'), 'It has no id.'],
    ['a revoked proxy', revoked.proxy, 'It has no id.'],
    ['null', null, 'It is not an object with attributes.'],
    ['a picture that is none', { ...chair, image_link: () => '/x.jpg' }, 'Its image_link is not text.'],
  ])('%s is an item that is counted as skipped', (_, item, reason) => {
    const plain = plainItems([item, chair])
    expect(structuredClone(plain)).toEqual(plain)
    const { products, skipped } = parseCatalog(plain, base)
    expect(products).toEqual([isChair])
    expect(skipped.map((skip) => skip.reason)).toEqual([reason])
  })

  test('takes the attributes that a class computes, and those of maps and sets', () => {
    class Chair {
      readonly id = '1'
      get title() {
        return 'Chair'
      }
      buy() {}
    }
    class Stool extends Chair {
      get broken(): string {
        throw new Error('not now')
      }
    }
    const map = new Map<string, unknown>([
      ['id', '2'],
      ['additional_image_link', new Set(['/1.jpg', '/2.jpg'])],
    ])
    expect(plainItems([new Stool(), map])).toEqual([
      { id: '1', title: 'Chair' },
      { id: '2', additional_image_link: ['/1.jpg', '/2.jpg'] },
    ])
  })

  test('never throws, and what it gives can always be sent', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.anything({
            withBigInt: true,
            withDate: true,
            withMap: true,
            withSet: true,
            withNullPrototype: true,
          }),
        ),
        (items) => {
          const plain = plainItems(watched(items))
          expect(plain).toHaveLength(items.length)
          structuredClone(plain)
        },
      ),
    )
  })
})
