import { expect, test } from 'vitest'
import { withoutCredentials } from '../../../../src/node/download/credentials.js'
import { availabilityIn } from '../../../../src/node/feed/item-parts/availability-words.js'
import { price } from '../../../../src/node/feed/item-parts/price.js'
import { readFeed } from '../../../../src/node/feed/read-feed.js'
import { declaredEntities } from '../../../../src/node/feed/xml/declared-entities.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const feedOf = feedWriter(scratchFolder())
const atom = (title: string) =>
  `<feed><entry><id>1</id><title type="html">${title}</title><image_link>/a.jpg</image_link></entry></feed>`

// Each would take minutes where time grows with the square of the length: the limit of a test is what they assert.
const times = 400_000
test.each<[string, () => unknown, unknown]>([
  ['a title of dashes', () => withoutCredentials(`${'a-'.repeat(times)}@`), `${'a-'.repeat(times)}@`],
  ['slashes', () => withoutCredentials(`${'/'.repeat(times)}a`), `${'/'.repeat(times)}a`],
  ['instructions in a DOCTYPE', () => declaredEntities('<?N'.repeat(times)).size, 0],
  ['comments in a DOCTYPE', () => declaredEntities('<!--'.repeat(times)).size, 0],
  ['an availability', () => availabilityIn(`${'pt'.repeat(times)}\n`), null],
  [
    'an availability that can be ordered',
    () => availabilityIn(`${'sold out '.repeat(times)}backorder`),
    'out_of_stock',
  ],
  ['an availability of noughts', () => availabilityIn(`${'0'.repeat(times)}1`), null],
  ['a price', () => price(`${'1.'.repeat(times)}x1`, 'EUR'), `${'1.'.repeat(times)}x1`],
])('%s of a million letters is read at once', (_, read, expected) => {
  expect(read()).toBe(expected)
})

test('tags of Atom that never end are text, and are read at once', async () => {
  const { items } = await readFeed(feedOf(atom('&lt;a'.repeat(times))))
  expect(items).toMatchObject([{ title: '<a'.repeat(times) }])
  expect((await readFeed(feedOf(atom('&lt;b&gt;A&lt;/b&gt; &lt;5')))).items).toMatchObject([
    { title: 'A <5' },
  ])
})

test('credentials go also where a link has no protocol', () => {
  expect(withoutCredentials('see https://ann:pw@shop.example/a and //ann:pw@shop.example/b')).toBe(
    'see https://shop.example/a and //shop.example/b',
  )
  expect(withoutCredentials('ann@shop.example // or @ann')).toBe('ann@shop.example // or @ann')
})
