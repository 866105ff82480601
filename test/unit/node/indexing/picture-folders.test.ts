import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { pictureFolders, pictureInFolders } from '../../../../src/node/indexing/picture-folders.js'
import { scratchFolder } from '../scratch.js'

test.each([
  ['feed.xml', 'public/similar', ['.', 'public/similar', 'public']],
  ['data/feed.xml', 'public', ['data', 'public']],
  ['data/feed.xml', '.', ['data', '.']],
  ['feed.xml', 'apps/web/static/a', ['.', 'apps/web/static/a', 'apps/web/static', 'apps/web', 'apps']],
  [
    '/exports/feed.xml',
    '/srv/site/public/similar',
    ['/exports', '/srv/site/public/similar', '/srv/site/public'],
  ],
  ['/feed.xml', '/', ['/']],
])('%s into %s: %j', (feed, out, folders) => {
  expect(pictureFolders(feed, out)).toEqual(folders.map((folder) => resolve(folder)))
})

test('the first folder that has the picture gives it, else the first is named, and never a file outside', () => {
  const root = scratchFolder()
  const [first, second] = [join(root, 'first'), join(root, 'second')]
  for (const folder of [first, second]) mkdirSync(folder)
  for (const path of [
    join(first, 'both.jpg'),
    join(second, 'both.jpg'),
    join(second, 'one.jpg'),
    join(root, 'up.jpg'),
  ])
    writeFileSync(path, '')
  const found = (link: string) => pictureInFolders([first, second], link)
  const url = (path: string) => pathToFileURL(path).href
  expect(found('/both.jpg')).toBe(url(join(first, 'both.jpg')))
  expect(found('one.jpg?v=2')).toBe(url(join(second, 'one.jpg')))
  expect(found('/none.jpg')).toBe(url(join(first, 'none.jpg')))
  expect(found('../up.jpg')).toBe(url(join(first, 'up.jpg')))
  expect(pictureInFolders([], '/both.jpg')).toBeUndefined()
})
