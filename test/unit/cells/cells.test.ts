import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseCellIndex } from '../../../src/catalog/cell-index.js'
import { CellSearch } from '../../../src/engine/cells/cell-search.js'
import { cellsFor, divide } from '../../../src/node/cells/divide.js'
import { cellsName, writeCells } from '../../../src/node/cells/write-cells.js'
import { openPack } from '../../../src/node/pack/open-pack.js'
import { rank } from '../../../src/ranking/rank.js'
import { groupRows, type RowGroups } from '../../../src/ranking/row-groups.js'
import { decodeVector, encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { runCommand } from '../node/command/command-process.js'
import { scratchFolder } from '../node/scratch.js'
import { clusteredVectors, dimensions, spaceOf, writeMadeFolder } from './made-clusters.js'

const folder = scratchFolder()
const vectors = clusteredVectors(3000, 40)
const space = spaceOf('a')

/** Serves the folder, and remembers what was asked for. */
let asked: string[] = []
/** Files as an HTTP cache has them, which a request past it does not get. */
const cached = new Map<string, Buffer>()
/** Whether a page is sent in place of what is not there. */
let isSinglePageApp = false
const server = createServer((request, response) => {
  const name = (request.url as string).slice(1)
  asked.push(name)
  try {
    const stale = request.headers['cache-control'] === undefined ? cached.get(name) : undefined
    response.end(stale ?? readFileSync(join(folder, name)))
  } catch {
    if (isSinglePageApp) response.end('<!doctype html><title>Shop</title>')
    else response.writeHead(404).end()
  }
})
let url: string
beforeAll(async () => {
  await writeMadeFolder(folder, vectors)
  await writeCells({ folder, count: 30 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${cellsName}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})
beforeEach(() => {
  asked = []
  cached.clear()
  isSinglePageApp = false
})

const queryFrom = (row: number) => ({ vector: { space, vector: vectors[row] as Float32Array } })
const ids = (list: { hits: readonly { product: { id: string } }[] }) =>
  list.hits.map(({ product }) => product.id)

/** The list of a scan of everything. */
function fullScan(row: number, limit = 12): string[] {
  const { table, groups } = whole
  return rank(table, queryFrom(row).vector, { limit }, { groups }).map(({ id }) => id)
}

let whole: { readonly table: VectorTable; readonly groups: RowGroups }
beforeAll(async () => {
  const { pack, products } = await openPack(folder)
  const table = new VectorTable(space)
  table.setAll(pack.entries, pack.vectors)
  whole = { table, groups: groupRows(pack.entries, products) }
})

describe('cells', () => {
  test('hold every row once, none is empty or far larger than the others, and they are the same every time', () => {
    const encoded = encodeVectors(vectors, dimensions, 'int8')
    const { centroids, cellOf } = divide(encoded, 30)
    const sizes = new Array<number>(centroids.count).fill(0)
    for (const cell of cellOf) sizes[cell] = (sizes[cell] as number) + 1
    expect(cellOf).toHaveLength(3000)
    expect(Math.min(...sizes)).toBeGreaterThan(0)
    expect(Math.max(...sizes)).toBeLessThan(6 * (3000 / centroids.count))
    const again = divide(encoded, 30)
    expect(again.cellOf).toEqual(cellOf)
    expect(again.centroids.data).toEqual(centroids.data)
  })

  test.each([
    ['one product', 1, 1],
    ['fewer products than cells', 3, 10],
    ['pictures that are all the same', 50, 10],
  ])('can be made of %s', (name, count, cells) => {
    const made = name.includes('same') ? Array(count).fill(vectors[0]) : vectors.slice(0, count)
    const { centroids, cellOf } = divide(encodeVectors(made, dimensions, 'int8'), cells)
    expect(centroids.count).toBeLessThanOrEqual(count)
    expect(new Set(cellOf).size).toBe(centroids.count)
  })

  test('are some hundred where there is much to divide', () => {
    expect([1, 54, 10_000, 1_000_000, 100_000_000].map(cellsFor)).toEqual([1, 7, 100, 1000, 1000])
  })
})

describe('a page', () => {
  test('loads the nearest cells alone, and finds there what a full scan finds', async () => {
    const { probes, cells, count } = parseCellIndex(
      JSON.parse(readFileSync(join(folder, cellsName), 'utf8')),
      url,
    )
    expect(cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(count)
    let found = 0
    const search = new CellSearch(url)
    for (let row = 0; row < 100; row++) {
      const list = ids(await search.ask(queryFrom(row * 30), {}))
      const wanted = fullScan(row * 30)
      expect(list).toHaveLength(12)
      found += wanted.filter((id) => list.includes(id)).length / wanted.length
    }
    // 0.99 is what the number of cells is chosen for, with products as queries.
    expect(found / 100).toBeGreaterThan(0.97)
    asked = []
    await new CellSearch(url).ask(queryFrom(7), {})
    expect(asked.slice(0, 2)).toEqual([cellsName, expect.stringMatching(/^cell-centroids-/)])
    expect(asked.slice(2)).toHaveLength(2 * probes)
    expect(probes).toBeLessThan(cells.length)
  }, 60_000)

  test('that looks at all cells has the list of a full scan, with scores, variants and order', async () => {
    const index = JSON.parse(readFileSync(join(folder, cellsName), 'utf8'))
    writeFileSync(join(folder, 'all.json'), JSON.stringify({ ...index, probes: index.cells.length }))
    const list = await new CellSearch(url.replace(cellsName, 'all.json')).ask(queryFrom(11), { limit: 30 })
    expect(ids(list)).toEqual(fullScan(11, 30))
    expect(list).toMatchObject({ complete: true, total: 3000, ranked: 3000, space })
    expect(list.hits[0]?.product.image_link).toBe(
      new URL(`img/${list.hits[0]?.product.id.slice(1)}.jpg`, url).href,
    )
  })

  test('sends no vector, and asks no file twice', async () => {
    const search = new CellSearch(url)
    await search.ask(queryFrom(3), {})
    const first = asked.length
    await search.ask(queryFrom(3), {})
    expect(asked).toHaveLength(first)
    for (const name of asked)
      expect(name).toMatch(/^(cells\.json|cell-(centroids-)?[0-9a-f]{16}\.(json|safetensors))$/)
  })

  test('looks farther where its filter leaves little', async () => {
    const cheap = ({ price }: { price?: string }) => Number.parseFloat(price ?? '') < 3
    const list = await new CellSearch(url).ask(queryFrom(5), { filter: cheap, limit: 12 })
    expect(list.hits.length).toBeGreaterThan(5)
    for (const { product } of list.hits) expect(cheap(product)).toBe(true)
  })

  test('asks for more like one of the products it found; others it does not know', async () => {
    const search = new CellSearch(url)
    const [first] = (await search.ask(queryFrom(8), {})).hits
    const id = first?.product.id as string
    const more = await search.ask({ items: [id] }, {})
    expect(ids(more)).not.toContain(id)
    expect(more.hits).toHaveLength(12)
    const unknown = new CellSearch(url).ask({ items: [id] }, {})
    await expect(unknown).rejects.toMatchObject({ code: 'product-unknown' })
  })

  test('asks for more like a product of its nearest cell, also after it has looked into many', async () => {
    const shop = join(folder, 'many')
    await writeMadeFolder(shop, vectors.slice(0, 1500))
    await writeCells({ folder: shop, count: 80, probes: 16 })
    const index = JSON.parse(readFileSync(join(shop, cellsName), 'utf8'))
    expect(index.cells.length).toBeGreaterThan(64)
    const search = new CellSearch(url.replace(cellsName, `many/${cellsName}`))
    const cell = (list: { hits: readonly { product: { id: string } }[] }) =>
      list.hits[0]?.product.id as string
    const id = cell(await search.ask(queryFrom(8), { limit: 2 }))
    for (const limit of [2, 3]) {
      // Nothing else passes, so that as many cells as may be are looked at.
      const list = await search.ask(queryFrom(8), { limit, filter: (product) => product.id === id })
      expect(ids(list)).toEqual([id])
      expect((await search.ask({ items: [id] }, { limit: 2 })).hits).toHaveLength(2)
    }
    // Far from all of it, others are forgotten.
    for (const row of [300, 600, 900, 1200])
      await search.ask(queryFrom(row), { limit: 2, filter: () => false })
    asked = []
    for (const row of [300, 600, 900, 1200])
      await search.ask(queryFrom(row), { limit: 2, filter: () => false })
    expect(asked.length).toBeGreaterThan(0)
  })

  test('of another space is refused', async () => {
    const other = { vector: { space: spaceOf('b'), vector: vectors[0] as Float32Array } }
    await expect(new CellSearch(url).ask(other, {})).rejects.toMatchObject({ code: 'space-mismatch' })
  })

  test('is told what is wrong with the files', async () => {
    const at = (name: string) => new CellSearch(url.replace(cellsName, name))
    await expect(at('none.json').ask(queryFrom(0), {})).rejects.toMatchObject({ code: 'pack-unreachable' })
    writeFileSync(join(folder, 'html.json'), '<!doctype html>')
    await expect(at('html.json').ask(queryFrom(0), {})).rejects.toMatchObject({
      code: 'pack-unreachable',
      message: expect.stringContaining('answered with a web page'),
    })
    writeFileSync(join(folder, 'other.json'), '{"items":[]}')
    await expect(at('other.json').ask(queryFrom(0), {})).rejects.toThrow('does not name the cells')
    const index = JSON.parse(readFileSync(join(folder, cellsName), 'utf8'))
    const [one, two] = index.cells
    const mixed = index.cells.map((cell: object) => ({ ...cell, pack: cell === one ? two.pack : one.pack }))
    writeFileSync(join(folder, 'mixed.json'), JSON.stringify({ ...index, cells: mixed }))
    await expect(at('mixed.json').ask(queryFrom(0), {})).rejects.toThrow('is not the pack that')
    await expect(new CellSearch('http://127.0.0.1:9/cells.json').ask(queryFrom(0), {})).rejects.toMatchObject(
      {
        code: 'pack-unreachable',
        mayPass: true,
      },
    )
  }, 30_000)

  test('asks past the HTTP cache for a cell that is damaged there', async () => {
    const wanted = ids(await new CellSearch(url).ask(queryFrom(3), {}))
    for (const name of asked.filter((file) => /^cell-[0-9a-f]{16}\.safetensors$/.test(file))) {
      const bytes = readFileSync(join(folder, name))
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
      cached.set(name, bytes)
    }
    expect(cached.size).toBeGreaterThan(0)
    expect(ids(await new CellSearch(url).ask(queryFrom(3), {}))).toEqual(wanted)
  })

  test('that is left does not wait', async () => {
    const leaving = AbortSignal.abort(new Error('left'))
    await expect(new CellSearch(url).ask(queryFrom(0), { signal: leaving })).rejects.toThrow('left')
  })
})

describe('written again', () => {
  test.each([
    ['404', false],
    ['a page', true],
  ])(
    'cells of before are there once more, and a page that lacks one takes the new: %s',
    async (_, isPage) => {
      isSinglePageApp = isPage

      const shop = scratchFolder()
      await writeMadeFolder(shop, vectors.slice(0, 400))
      await writeCells({ folder: shop, count: 6 })
      const before = readdirSync(shop).filter((name) => name.startsWith('cell-'))
      await writeMadeFolder(shop, vectors.slice(100, 500))
      await writeCells({ folder: shop, count: 6 })
      const now = readdirSync(shop)
      for (const name of before) expect(now).toContain(name)

      mkdirSync(join(folder, 'again'), { recursive: true })
      const copy = (files: readonly string[]) => {
        rmSync(join(folder, 'again'), { recursive: true })
        mkdirSync(join(folder, 'again'))
        for (const name of files) writeFileSync(join(folder, 'again', name), readFileSync(join(shop, name)))
      }
      copy(readdirSync(shop))
      const search = new CellSearch(url.replace(cellsName, `again/${cellsName}`))
      await search.ask(queryFrom(0), { limit: 1 })
      await writeMadeFolder(shop, vectors.slice(200, 600))
      await writeCells({ folder: shop, count: 6 })
      await writeMadeFolder(shop, vectors.slice(300, 700))
      await writeCells({ folder: shop, count: 6 })
      const files = readdirSync(shop)
      expect(before.filter((name) => files.includes(name))).toEqual([])
      copy(files)
      const list = await search.ask(queryFrom(600), { limit: 60 })
      expect(list.hits.length).toBeGreaterThan(12)

      // The same cells, of which one was not published.
      const fresh = new CellSearch(url.replace(cellsName, `again/${cellsName}`))
      for (const name of files.filter((file) => /^cell-[0-9a-f]{16}\.safetensors$/.test(file))) {
        rmSync(join(folder, 'again', name), { force: true })
      }
      await expect(fresh.ask(queryFrom(600), {})).rejects.toMatchObject({ code: 'pack-unreachable' })
    },
  )

  test('with the same vectors they are the same files', async () => {
    const shop = scratchFolder()
    await writeMadeFolder(shop, vectors.slice(0, 300))
    await writeCells({ folder: shop })
    const before = readFileSync(join(shop, cellsName), 'utf8')
    await writeCells({ folder: shop })
    expect(readFileSync(join(shop, cellsName), 'utf8')).toBe(before)
  })
})

test('the command says how much is found, and prints the tag', async () => {
  const shop = join(scratchFolder(), 'public', 'similar')
  await writeMadeFolder(shop, vectors.slice(0, 500))
  const { code, stdout } = await runCommand('cells', shop, '--count', '10', '--probes', '2')
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(
      /500 products in \d+ cells.*\nrecall@12 by cells looked at: 1: 0\.\d+.*\npages look at 2 /,
    ),
  ])
  expect(stdout).toContain('<similar-items-search cells="/similar/cells.json"></similar-items-search>')
  const { pack } = await openPack(
    join(shop, readdirSync(shop).find((name) => /^cell-centroids/.test(name)) as string),
  )
  for (let row = 0; row < pack.vectors.count; row++) {
    expect(Math.hypot(...decodeVector(pack.vectors, row))).toBeCloseTo(1, 1)
  }
  const none = await runCommand('cells', scratchFolder())
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('catalog.json')])
})

test.each([
  ['int8', dimensions + 4],
  ['float32', 4 * dimensions],
] as const)('what a page loads is told for %s', async (format, bytesEach) => {
  const shop = scratchFolder()
  await writeMadeFolder(shop, vectors.slice(0, 100), 'a', format)
  const { cells, probes, vectorBytes } = await writeCells({ folder: shop, count: 5, probes: 1 })
  expect(vectorBytes).toBe((probes * 100 * bytesEach) / cells)
})

test('a folder that is not there is said to be none', async () => {
  const folder = join(scratchFolder(), 'nowhere')
  await expect(writeCells({ folder })).rejects.toMatchObject({ code: 'pack-unreachable' })
})
