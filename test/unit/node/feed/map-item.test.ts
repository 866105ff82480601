import { expect, test } from 'vitest'
import { parseAttributeMap, valueAt } from '../../../../src/node/feed/item-parts/map-item.js'

const pictures = (text: string) => {
  return valueAt({ pictures: text }, parseAttributeMap('image_link=pictures[*]').get('image_link') ?? [])
}

test.each([
  ['https://s.test/1.jpg , https://s.test/2.jpg', ['https://s.test/1.jpg', 'https://s.test/2.jpg']],
  ['https://s.test/1.jpg   https://s.test/2.jpg', ['https://s.test/1.jpg', 'https://s.test/2.jpg']],
  ['/my  chair.jpg\n\n /2.jpg|', ['/my  chair.jpg', '/2.jpg']],
])('links in %j', (text, links) => expect(pictures(text)).toEqual(links))

test('endless spaces are read in no time', { timeout: 10_000 }, () => {
  const spaces = ' '.repeat(200_000)
  expect(pictures(`/1.jpg${spaces}x`)).toEqual([`/1.jpg${spaces}x`])
})
