import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { fileInFolder, isRelativeLink } from '../../../../src/node/files/file-in-folder.js'
import { toFeedProducts } from '../../../../src/node/indexing/feed-products.js'
import { reportProducts } from '../../../../src/node/indexing/report-pictures.js'
import { copyPhoto, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const inFolder = (path: string) => pathToFileURL(join(folder, path)).href

describe('links beside a feed', () => {
  test.each([
    ['/img/1.jpg', true],
    ['img/1.jpg', true],
    ['../1.jpg', true],
    ['https://shop.test/1.jpg', false],
    ['//cdn.test/1.jpg', false],
    [' \\\\cdn.test\\1.jpg', false],
  ])('%s: relative is %s', (link, isRelative) => {
    expect(isRelativeLink(link)).toBe(isRelative)
  })

  test.each([
    ['/img/1.jpg', 'img/1.jpg'],
    ['img/1%20a.jpg?v=2', 'img/1 a.jpg'],
    ['../../1.jpg', '1.jpg'],
    ['img/100%.jpg', 'img/100%.jpg'],
    // These name files that are not there, but nothing outside.
    ['..%2f..%2fsecret.jpg', '..%2f..%2fsecret.jpg'],
    ['a%2f..%2f..%2fsecret.jpg', 'a%2f..%2f..%2fsecret.jpg'],
  ])('%s is %s in the folder', (link, path) => {
    expect(fileInFolder(folder, link)).toBe(inFolder(path))
  })
})

test('a product whose picture names a host is fetched from there, not looked up in the folder', () => {
  const items = [
    { id: '1', title: 'Chair', image_link: '//cdn.test/1.jpg' },
    { id: '2', title: 'Lamp', image_link: '/2.jpg' },
  ]
  const { products } = toFeedProducts(items, { location: 'feed.json', images: [folder], omit: [] })
  expect(products.map(({ picture }) => picture)).toEqual(['http://cdn.test/1.jpg', inFolder('2.jpg')])
})

// Node 20's URL.canParse is wrong only where it is compiled, and for texts as JSON.parse makes them.
test('links of a host with an ö stay as they are written, however many there are', () => {
  const location: string = JSON.parse('"https://möbel.example/feed.json"')
  const written = Array.from({ length: 5_000 }, (_, index) => ({
    id: `${index}`,
    title: 'Stuhl',
    link: `https://möbel.example/${index}`,
    image_link: index % 2 ? `https://möbel.example/${index}.jpg` : `/img/stuhl rot ${index}.jpg`,
  }))
  const items: typeof written = JSON.parse(JSON.stringify(written))
  const { products, skipped } = toFeedProducts(items, { location, images: [folder], omit: [] })
  expect(skipped.slice(0, 3)).toEqual([])
  const changed = products.filter(({ item, picture }, index) => {
    const { link, image_link } = written[index] as (typeof written)[number]
    const isInFolder = picture.startsWith('file:')
    return item.link !== link || item.image_link !== image_link || isInFolder === Boolean(index % 2)
  })
  expect(changed.slice(0, 3)).toEqual([])
})

test('reports fetch pictures from the web, also where the scheme is not named', async () => {
  copyPhoto('chair', join(folder, 'web.jpg'))
  const server = createServer((_, response) => response.end(readFileSync(join(folder, 'web.jpg'))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const links = [`http://${host}/1.jpg`, `//${host}/1.jpg`]
  const products = links.map((image_link, index) => ({ id: `${index}`, title: 'Chair', image_link }))
  const { withoutPicture } = await reportProducts(products, folder, {
    privateHosts: ['127.0.0.1'],
    signal: new AbortController().signal,
  })
  server.closeAllConnections()
  server.close()
  expect(withoutPicture).toBe(0)
})

test('reports look for root-relative pictures in their folder too', async () => {
  mkdirSync(join(folder, 'img'))
  copyPhoto('chair', join(folder, 'img/1.jpg'))
  const links = ['/img/1.jpg', 'img/1.jpg', '/img/none.jpg']
  const products = links.map((image_link, index) => ({ id: `${index}`, title: 'Chair', image_link }))
  const { known, withoutPicture } = await reportProducts(products, folder, {
    privateHosts: ['127.0.0.1'],
    signal: new AbortController().signal,
  })
  expect([...known.values()].map(({ image }) => image?.slice(0, 16))).toEqual([
    'data:image/webp;',
    'data:image/webp;',
    undefined,
  ])
  expect(withoutPicture).toBe(1)
})
