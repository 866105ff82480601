import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { indexCatalog, journalName } from '../../../../src/node/indexing/index-catalog.js'
import { runCommand } from '../command/command-process.js'
import { copyPhoto, modelFolder, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const names = ['chair', 'plant', 'camera'] as const
const secret = 'Basic YW5uOnMzY3JldA=='
let shops = 0
let origin = ''
/** What the server says beside pictures and feed. */
let answers: { isGuarded: boolean; refusing: number | null; feed: string; refused: number }
beforeEach(() => {
  answers = { isGuarded: false, refusing: null, feed: '', refused: 0 }
})

const server = createServer((request, response) => {
  const path = request.url as string
  if (answers.isGuarded && request.headers.authorization !== secret) {
    answers.refused++
    response.writeHead(401).end()
  } else if (path === '/feed.json') {
    response.end(answers.feed)
  } else if (answers.refusing !== null && path !== '/chair.jpg') {
    response.writeHead(answers.refusing).end()
  } else {
    response.setHeader('etag', '"1"').end(readFileSync(join(folder, path.split('?')[0] as string)))
  }
})
beforeAll(async () => {
  for (const name of names) copyPhoto(name, join(folder, `${name}.jpg`))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const feedOf = (link: (name: string) => string) =>
  JSON.stringify(names.map((name) => ({ id: name, title: `The ${name}`, image_link: link(name) })))
const options = { model: modelFolder, precision: 'int8', workers: 1, retries: 0 } as const
const newFolder = () => {
  const path = join(folder, `shop-${shops++}`)
  mkdirSync(path)
  return path
}

describe('a feed and pictures behind a password', () => {
  const cases: [string, () => string][] = [
    ['links beside the feed', () => feedOf((name) => `${name}.jpg`)],
    ['links of the same origin', () => feedOf((name) => `${origin}/${name}.jpg`)],
    [
      'links with the password',
      () => feedOf((name) => `${origin.replace('//', '//ann:s3cret@')}/${name}.jpg`),
    ],
  ]
  test.each(cases)('%s: read, and the password is nowhere', async (_, feed) => {
    answers = { ...answers, isGuarded: true, feed: feed() }
    const out = newFolder()
    const report = join(out, 'report.json')
    const location = `${origin.replace('//', '//ann:s3cret@')}/feed.json`
    const base = [
      'index',
      location,
      '--model',
      modelFolder,
      '--out',
      out,
      '--workers',
      '1',
      '--report',
      report,
    ]
    const { code, stdout, stderr } = await runCommand(...base)
    expect({ code, refused: answers.refused }).toEqual({ code: 0, refused: 0 })
    expect(stdout).toContain('3 products in ')
    const written = readdirSync(out).map((name) => readFileSync(join(out, name), 'latin1'))
    expect(written.length).toBe(4)
    for (const text of [stdout, stderr, ...written]) expect(text).not.toMatch(/s3cret|YW5uOnMz/)
  })

  test('a wrong password is told without it', async () => {
    answers = { ...answers, isGuarded: true }
    const out = newFolder()
    const location = `${origin.replace('//', '//ann:wr0ng@')}/feed.json`
    const { code, stderr } = await runCommand('index', location, '--model', modelFolder, '--out', out)
    expect(code).toBe(1)
    expect(stderr).toBe(`The feed ${origin}/feed.json answered with status 401.\n`)
  })

  test('what is skipped is told without it', async () => {
    answers.feed = JSON.stringify([{ id: '1', title: 'A', image_link: 'ftp://ann:s3cret@shop.test/1.jpg' }])
    await expect(
      indexCatalog({ ...options, feed: `${origin}/feed.json`, out: newFolder() }),
    ).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') })
  })
})

test.each([403, 408, 429, 503])(
  'a server that begins to answer %d: earlier vectors stay, and pages may try new pictures',
  async (status) => {
    const out = newFolder()
    answers.feed = feedOf((name) => `/${name}.jpg`)
    const index = () => indexCatalog({ ...options, feed: `${origin}/feed.json`, out })
    await index()
    answers.refusing = status
    expect((await index()).pictures).toMatchObject({ unchanged: 1, kept: 2, failed: 0 })
    const other = newFolder()
    const { pictures } = await indexCatalog({ ...options, feed: `${origin}/feed.json`, out: other })
    expect(pictures).toMatchObject({ encoded: 1, failed: 2 })
    expect(JSON.parse(readFileSync(join(other, 'catalog.json'), 'utf8')).pack).toMatchObject({ unusable: [] })
  },
)

describe('pictures on a private network', () => {
  test('are refused where the feed is elsewhere, and fetched where that is meant', async () => {
    const out = newFolder()
    const feed = join(out, 'feed.json')
    writeFileSync(
      feed,
      feedOf((name) => `${origin}/${name}.jpg`),
    )
    await expect(indexCatalog({ ...options, feed, out })).rejects.toMatchObject({
      message: expect.stringContaining('--private-hosts 127.0.0.1'),
    })
    const { pictures } = await indexCatalog({ ...options, feed, out, privateHosts: ['127.0.0.1'] })
    expect(pictures.encoded).toBe(3)
  })

  test('are fetched where the feed, or the base URL, is there, too', async () => {
    answers.feed = feedOf((name) => `${origin}/${name}.jpg`)
    const { pictures } = await indexCatalog({ ...options, feed: `${origin}/feed.json`, out: newFolder() })
    expect(pictures.encoded).toBe(3)
    const out = newFolder()
    writeFileSync(
      join(out, 'feed.json'),
      feedOf((name) => `/${name}.jpg`),
    )
    const based = await indexCatalog({ ...options, feed: join(out, 'feed.json'), out, baseUrl: origin })
    expect(based.pictures.encoded).toBe(3)
  })
})

describe('--report of a run that fails', () => {
  const failing = async (feed: string) => {
    const out = newFolder()
    const [path, report] = [join(out, 'feed.json'), join(out, 'report.json')]
    writeFileSync(path, feed)
    const base = ['index', path, '--model', modelFolder, '--out', out, '--workers', '1']
    const { code } = await runCommand(...base, '--report', report)
    expect(code).toBe(1)
    return { out, report: JSON.parse(readFileSync(report, 'utf8')) }
  }

  test('pictures that all fail: every one with its reason', async () => {
    const items = [
      { id: '1', title: 'A', image_link: 'none.jpg' },
      { id: '2', title: 'B', image_link: 'none-either.jpg' },
      { id: '3', image_link: 'x.jpg' },
    ]
    const { out, report } = await failing(JSON.stringify(items))
    expect(report).toMatchObject({
      error: { code: 'image-unreachable', message: expect.stringContaining('Nothing was written') },
      products: 0,
      skipped: [
        { id: '3', reason: 'It has no title.' },
        { id: '1', reason: expect.stringContaining('does not exist') },
        { id: '2', reason: expect.stringContaining('does not exist') },
      ],
    })
    expect(readdirSync(out).sort()).toEqual([journalName, 'feed.json', 'report.json'].sort())
  })

  test('a feed without a usable item, or that is none', async () => {
    expect((await failing('[{"id":"1"}]')).report).toMatchObject({
      error: { code: 'catalog-invalid' },
      skipped: [{ id: '1', reason: 'It has no title.' }],
    })
    expect((await failing('[')).report).toMatchObject({ error: { code: 'catalog-invalid' }, skipped: [] })
  })
})

test.each([
  ['a signature', (run: number) => `?X-Amz-Date=${run}&X-Amz-Signature=${run}`, {}],
  ['something else, with a key', (run: number) => `?token=${run}`, { pictureKey: 'mpn' }],
])('links that change with every feed by %s: nothing is encoded anew', async (_, change, more) => {
  const out = newFolder()
  const index = (run: number) => {
    const items = names.map((name) => {
      return { id: name, title: name, mpn: `m-${name}`, image_link: `${origin}/${name}.jpg${change(run)}` }
    })
    answers.feed = JSON.stringify(items)
    return indexCatalog({ ...options, feed: `${origin}/feed.json`, out, ...more })
  }
  const first = await index(1)
  const second = await index(2)
  expect(second.pictures).toMatchObject({ encoded: 0, unchanged: 3 })
  expect(second.pack).toBe(first.pack)
  // Pages fetch the link of today.
  expect(readFileSync(join(out, 'catalog.json'), 'utf8')).toContain(change(2))
})
