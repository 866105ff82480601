import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linkResolver } from '../../../src/catalog/link-resolver.js'

const bases = [
  'https://shop.example/feeds/catalog.json?v=2#top',
  'http://localhost:5173/catalog.json',
  'https://user:secret@shop.example/a/b/',
  'https://shop.example',
  'file:///srv/shop/catalog.json',
  'blob:https://shop.example/0f0e',
  'data:application/json,[]',
  'HTTPS://Shop.Example:443/A/../feeds/',
]

/** Pieces that the URL parser treats in ways of their own. */
const pieces = [
  ...[
    'a',
    'Z',
    '7',
    '-',
    '_',
    '~',
    '.',
    '..',
    '/',
    '//',
    '/./',
    '/../',
    '\\',
    '?',
    '#',
    ':',
    '@',
    '&',
    '=',
    ';',
    '+',
  ],
  ...[
    '%',
    '%2e',
    '%2E',
    '%2F',
    '%20',
    '%zz',
    ' ',
    '\t',
    '\n',
    '\u0000',
    '"',
    "'",
    '<',
    '>',
    '^',
    '`',
    '{',
    '|',
    '[',
    ']',
  ],
  ...[
    'é',
    '字',
    'ß',
    '😀',
    '\ud800',
    'http:',
    'https:',
    'HTTPS:',
    'http://',
    'https://',
    'blob:',
    'data:',
    'javascript:',
  ],
  ...[
    'shop.example',
    'Shop.Example',
    'cdn-1.example.com',
    '127.0.0.1',
    '0x7f.1',
    '1.2.3',
    'xn--',
    'xn--bcher-kva',
    ':443',
    ':80',
  ],
  ...['img/1.jpg', '/img/1.jpg', 'a.', 'a..b', '-a', 'a-', 'a--b', '$', '!', '(', ')', '*', ','],
]

function parsed(link: string, base: string): string | null {
  try {
    return new URL(link, base).href
  } catch {
    return null
  }
}

test.each(bases)('resolves whatever is written as the URL parser does, against %s', (base) => {
  const resolve = linkResolver(base)
  const text = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((parts) => parts.join('')),
    fc
      .array(fc.constantFrom('/', '.', 'a', 'b.jpg', '%2e', '?', '-'), { maxLength: 9 })
      .map((parts) => parts.join('')),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(text, (link) => {
      expect(resolve(link)).toBe(parsed(link, base))
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['/img/1.jpg', 'https://shop.example/img/1.jpg'],
  ['img/My%20chair.jpg?w=200&h=1.5', 'https://shop.example/feeds/img/My%20chair.jpg?w=200&h=1.5'],
  ['https://cdn.shop.example/a/../b.jpg', 'https://cdn.shop.example/b.jpg'],
  ['//cdn.shop.example/b.jpg', 'https://cdn.shop.example/b.jpg'],
  ['http://[', null],
])('%s', (link, url) => {
  expect(linkResolver('https://shop.example/feeds/catalog.json')(link)).toBe(url)
})

// Node 20's URL.canParse goes wrong where it is compiled, and only for texts as JSON.parse makes them.
test.each([
  [
    'a relative link',
    '/img/stuhl rot NUMBER.jpg',
    'https://xn--mbel-5qa.example/img/stuhl%20rot%20NUMBER.jpg',
  ],
  ['an absolute link', 'https://möbel.example/NUMBER.jpg', 'https://xn--mbel-5qa.example/NUMBER.jpg'],
])('%s of a host with an ö is resolved however often', (_, link, url) => {
  const numbers = Array.from({ length: 5_000 }, (_, index) => String(index))
  const links: string[] = JSON.parse(JSON.stringify(numbers.map((number) => link.replace('NUMBER', number))))
  const resolve = linkResolver(JSON.parse('"https://möbel.example/feed.json"'))
  const wrong = links.filter((text, index) => resolve(text) !== url.replace('NUMBER', String(index)))
  expect(wrong.slice(0, 3)).toEqual([])
})

test.each([
  ['a path', '/'],
  ['a name', ''],
  ['an address', 'https://shop.example/'],
])('%s of millions of letters is resolved', (_, start) => {
  const name = 'a'.repeat(9_000_000)
  // A message with both texts in it would take longer than all else.
  expect(linkResolver('https://shop.example/')(start + name) === `https://shop.example/${name}`).toBe(true)
})
