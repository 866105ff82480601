import { expect, test } from 'vitest'
import { readProducts } from '../../../../src/node/indexing/read-products.js'
import { feedWriter, scratchFolder } from '../scratch.js'

const out = scratchFolder()
const feed = feedWriter(out)(
  JSON.stringify([{ id: '1', title: 'A', image_link: '/a.jpg', link: '/a', brand: 'B' }]),
)

test.each(['id', 'title', 'image_link'])('%s cannot be left out', async (name) => {
  await expect(readProducts({ feed, out, omit: ['brand', name] })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(new RegExp(`^${name} cannot be left out.*--omit`)),
  })
})

test('link and what else there is can', async () => {
  const { products } = await readProducts({ feed, out, omit: ['brand', 'link'] })
  expect(products.map(({ item }) => item)).toEqual([{ id: '1', title: 'A', image_link: '/a.jpg' }])
})
