import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memoryEngine } from '../../../../src/engines/memory-engine.js'
import { openPictureEncoder, type PictureEncoder } from '../../../../src/node/encoder/encoder-pool.js'
import {
  type IndexOptions,
  indexCatalog,
  indexWith,
  journalName,
} from '../../../../src/node/indexing/index-catalog.js'
import { readProducts } from '../../../../src/node/indexing/read-products.js'
import { readJournal } from '../../../../src/node/indexing/vector-journal.js'
import { openPack } from '../../../../src/node/pack/open-pack.js'
import { pushPack } from '../../../../src/node/pack/push-pack.js'
import { mergeShards } from '../../../../src/node/shards/merge-shards.js'
import { parseShard, shardNumberOf } from '../../../../src/node/shards/shard.js'
import { shardFileName } from '../../../../src/node/shards/shard-file.js'
import { isBuilt, runCommand, startCommand } from '../command/command-process.js'
import { copyPhoto, modelFolder, scratchFolder } from '../scratch.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const home = scratchFolder()
const [feed, one] = [join(home, 'feed.json'), join(home, 'one')]
const shards = [1, 2, 3].map((number) => join(home, `shard-${number}`)) as [string, string, string]

const names = ['chair', 'plant', 'camera', 'hat'] as const
/** Pictures that several products share, also variants, and one that cannot be decoded. */
const items = Array.from({ length: 14 }, (_, index) => ({
  id: `sku-${index}`,
  title: `Thing ${index}`,
  image_link: index === 5 ? 'broken.jpg' : `${names[index % 4]}.jpg`,
  price: `${index} EUR`,
  ...(index % 3 === 0 && { item_group_id: 'g' }),
}))

let encoder: PictureEncoder

/** Indexes as `indexCatalog` does, with an encoder that is opened once for all tests. */
async function index(changes: Partial<IndexOptions> = {}) {
  const options = { feed, out: one, workers: 1, retries: 0, ...changes }
  mkdirSync(options.out, { recursive: true })
  const earlier = await readJournal(join(options.out, journalName))
  return indexWith(encoder, await readProducts(options), { ...options, earlier })
}

beforeAll(async () => {
  encoder = await openPictureEncoder({ model: modelFolder, precision: 'int8' }, 1)
  for (const name of names) copyPhoto(name, join(home, `${name}.jpg`))
  writeFileSync(join(home, 'broken.jpg'), 'no picture')
  writeFileSync(feed, JSON.stringify(items))
  await index({ center: true })
  for (const [at, out] of shards.entries()) await index({ out, shard: { number: at + 1, of: 3 } })
})
afterAll(() => encoder.close())

const visible = (folder: string) =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()

/** A copy of a shard, changed by a test. */
function copyOf(shard: string, change: (file: Record<string, unknown>) => object = (file) => file): string {
  const copy = join(scratchFolder(), 'copy')
  cpSync(shard, copy, { recursive: true })
  const path = join(copy, shardFileName)
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))))
  return copy
}

describe('a shard', () => {
  test('has every product in exactly one part, by its id alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 99_999 }), (id, of) => {
        const number = shardNumberOf(id, of)
        expect(number).toBeGreaterThanOrEqual(1)
        expect(number).toBeLessThanOrEqual(of)
        expect(shardNumberOf(id, of)).toBe(number)
      }),
    )
    // What is written once is looked for there for ever.
    expect(['sku-1', 'sku-2', 'Ü', ''].map((id) => shardNumberOf(id, 16))).toEqual([16, 5, 8, 12])
    const counts = new Array(16).fill(0)
    for (let id = 0; id < 16_000; id++) counts[shardNumberOf(`product-${id}`, 16) - 1]++
    expect(Math.min(...counts)).toBeGreaterThan(850)
    expect(Math.max(...counts)).toBeLessThan(1150)
  })

  test.each(['0/3', '4/3', '3', '1/0', '-1/3', '1.5/3', 'a/b', '', '1/100000'])('is not "%s"', (text) => {
    expect(() => parseShard(text)).toThrow('such as 3/16')
  })

  test('leaves to the merge what is of the whole catalogue, and says which weights it takes', async () => {
    const shard = { number: 1, of: 3 }
    const out = join(home, 'refused')
    const whole = (options: Partial<IndexOptions>) => indexCatalog({ feed, out, shard, ...options })
    await expect(whole({})).rejects.toThrow('--precision int8')
    for (const options of [
      { center: true },
      { center: false },
      { refit: true },
      { format: 'int8' as const },
      { projection: { kind: 'cut' as const, dimensions: 64 } },
    ]) {
      await expect(whole({ precision: 'int8', ...options })).rejects.toThrow('give them to merge')
    }
    expect(existsSync(out)).toBe(false)
  })

  test('may have no product, or none whose picture can be used', async () => {
    const numbers = items.map(({ id }) => shardNumberOf(id, 60))
    const empty = Array.from({ length: 60 }, (_, at) => at + 1).find((number) => !numbers.includes(number))
    const out = join(home, 'empty')
    expect(await index({ out, shard: { number: empty as number, of: 60 } })).toMatchObject({ products: 0 })
    const broken = shardNumberOf('sku-5', 60)
    expect(numbers.filter((number) => number === broken)).toHaveLength(1)
    expect(await index({ out, shard: { number: broken, of: 60 } })).toMatchObject({
      products: 0,
      skipped: [{ id: 'sku-5' }],
    })
  })

  test('whose pictures cannot be reached fails', async () => {
    const far = join(home, 'far.json')
    const gone = items.map((item) => ({ ...item, image_link: `http://127.0.0.1:9/${item.image_link}` }))
    writeFileSync(far, JSON.stringify(gone))
    const options = { feed: far, out: join(home, 'far'), privateHosts: ['127.0.0.1'] }
    await expect(index({ ...options, shard: { number: 1, of: 3 } })).rejects.toThrow('Nothing was written')
  })
})

describe('merged', () => {
  test('shards are the catalogue of one machine, to the byte', async () => {
    const out = join(home, 'merged')
    const report = await mergeShards({ shards: shards.toReversed(), out, center: true })
    expect(report).toMatchObject({ products: 13, skipped: [{ id: 'sku-5' }], hasJournal: true })
    expect(visible(out)).toEqual(visible(one))
    expect(visible(out).map((name) => name.split('-')[0])).toEqual(['catalog.json', 'pack', 'projection'])
    for (const name of visible(one)) {
      expect(readFileSync(join(out, name)).equals(readFileSync(join(one, name))), name).toBe(true)
    }
    // None of the parts is centered; the whole is, on the mean of all its pictures.
    expect((await openPack(shards[0])).pack.space.projection).toBeNull()
    expect((await openPack(out)).pack.space.centered).toBe(true)
    // One machine goes on where the shards ended.
    expect((await index({ out, center: true })).pictures).toMatchObject({ encoded: 0, unchanged: 4 })
  })

  test.each<[string, Partial<IndexOptions>]>([
    ['fewer dimensions', { projection: { kind: 'cut', dimensions: 64 }, center: false }],
    ['32-bit numbers', { format: 'float32', center: false }],
    ['principal axes', { projection: { kind: 'pca', dimensions: 4 }, center: true }],
  ])('they are the same with %s', async (name, options) => {
    const [alone, out] = [join(home, `alone ${name}`), join(home, `merged ${name}`)]
    await index({ out: alone, ...options })
    await mergeShards({ shards, out, ...options })
    expect(visible(out)).toEqual(visible(alone))
    for (const file of visible(alone)) {
      expect(readFileSync(join(out, file)).equals(readFileSync(join(alone, file))), file).toBe(true)
    }
  })

  test('shards that were projected by one file stay as they are', async () => {
    const [name] = visible(one).filter((file) => file.startsWith('projection-'))
    const projection = { kind: 'file', path: join(one, name as string) } as const
    const projected = shards.map((shard) => copyOf(shard))
    for (const [at, out] of projected.entries())
      await index({ out, shard: { number: at + 1, of: 3 }, projection })
    const out = join(home, 'merged projected')
    expect(await mergeShards({ shards: projected, out })).toMatchObject({ hasJournal: true })
    expect(visible(out)).toEqual(visible(one))
    await expect(mergeShards({ shards: projected, out, center: true })).rejects.toThrow('project them again')
    const mixed = [shards[0], ...projected.slice(1)]
    await expect(mergeShards({ shards: mixed, out })).rejects.toMatchObject({ code: 'space-mismatch' })
  })

  test('without the journals they are merged all the same, and it is told', async () => {
    const bare = shards.map((shard) => copyOf(shard))
    for (const shard of bare) rmSync(join(shard, journalName))
    const report = await mergeShards({ shards: bare, out: join(home, 'merged bare'), center: true })
    expect(report).toMatchObject({ products: 13, hasJournal: false })
  })

  test('a journal that a later run with other weights has begun is left out, and it is told', async () => {
    for (const foreign of [0, 1]) {
      const parts = shards.map((shard) => copyOf(shard))
      const path = join(parts[foreign] as string, journalName)
      const [header = '', ...lines] = readFileSync(path, 'utf8').split('\n')
      const { space } = JSON.parse(header)
      const others = lines.map((line) => line.replace('"picture":"', '"picture":"other:'))
      writeFileSync(path, [JSON.stringify({ space, weights: 'fp32.onnx' }), ...others].join('\n'))
      const out = join(home, `merged foreign ${foreign}`)
      expect(await mergeShards({ shards: parts, out, center: true })).toMatchObject({ hasJournal: false })
      const journal = await readJournal(join(out, journalName))
      const own = await readJournal(join(shards[2], journalName))
      expect(journal?.source).toEqual(own?.source)
      expect(journal?.entries.size).toBeGreaterThan(0)
      expect([...(journal?.entries.keys() ?? [])].filter((picture) => picture.startsWith('other:'))).toEqual(
        [],
      )
    }
  })

  test('a picture that only one shard could not use has a vector everywhere', async () => {
    const [first] = items.filter(({ image_link }) => image_link === 'chair.jpg')
    const number = shardNumberOf(first?.id as string, 3)
    const lacking = copyOf(shards[number - 1] as string)
    rmSync(join(lacking, journalName))
    const elsewhere = join(scratchFolder(), 'images')
    cpSync(home, elsewhere, { recursive: true, filter: (path) => path === home || /\.jpg$/.test(path) })
    writeFileSync(join(elsewhere, 'chair.jpg'), 'no picture')
    const part = await index({ out: lacking, shard: { number, of: 3 }, images: elsewhere })
    expect(part.skipped.map(({ id }) => id)).toContain(first?.id)
    const parts = shards.map((shard, at) => (at === number - 1 ? lacking : shard))
    const report = await mergeShards({ shards: parts, out: join(home, 'merged lacking'), center: true })
    expect(report).toMatchObject({ products: 13, skipped: [{ id: 'sku-5' }] })
  })

  test.each<[string, () => string[] | Promise<string[]>, RegExp]>([
    ['one is missing', () => [shards[0], shards[2]], /1 of 3 shards is missing: 2\/3/],
    ['one is given twice', () => [...shards, copyOf(shards[1])], /both shard 2\/3/],
    ['one is a whole catalogue', () => [shards[0], shards[1], one], /one has no shard\.json/],
    ['one is not there', () => [...shards.slice(1), join(home, 'nowhere')], /nowhere has no shard\.json/],
    [
      'one is of another number',
      () => [shards[0], shards[1], copyOf(shards[2], (file) => ({ ...file, of: 4 }))],
      /of 3 shards and of 4/,
    ],
    [
      'one has other weights',
      () => [shards[0], shards[1], copyOf(shards[2], (file) => ({ ...file, weights: 'other.onnx' }))],
      /different weights, .*other\.onnx/,
    ],
    [
      'one did not get to its end',
      () => [shards[0], shards[1], copyOf(shards[2], (file) => ({ ...file, pack: '' }))],
      /did not get to its end/,
    ],
    [
      'one has another pack than it says',
      () => [shards[0], shards[1], copyOf(shards[2], (file) => ({ ...file, pack: 'pack-0.safetensors' }))],
      /not about its catalog\.json/,
    ],
    [
      'one has the products of another',
      () => [shards[0], shards[1], copyOf(shards[1], (file) => ({ ...file, number: 3 }))],
      /products of other shards than 3\/3/,
    ],
    [
      'its file is damaged',
      () => [shards[0], shards[1], copyOf(shards[2], () => ({}))],
      /does not say which shard/,
    ],
    [
      'one was made of another feed',
      async () => {
        const other = join(home, 'other.json')
        writeFileSync(
          other,
          JSON.stringify(items.map((item, at) => (at ? item : { ...item, price: '9 EUR' }))),
        )
        const out = copyOf(shards[1])
        await index({ feed: other, out, shard: { number: 2, of: 3 } })
        return [shards[0], out, shards[2]]
      },
      /different feeds, of 14 and 14 products/,
    ],
  ])('they are refused where %s', async (_, parts, expected) => {
    const out = join(scratchFolder(), 'out')
    await expect(mergeShards({ shards: await parts(), out })).rejects.toThrow(expected)
    expect(existsSync(join(out, 'catalog.json'))).toBe(false)
  })

  test('they are not written over', async () => {
    await expect(mergeShards({ shards, out: shards[1] })).rejects.toThrow('one of the shards')
    expect((await openPack(shards[1])).pack.vectors.format).toBe('float32')
  })
})

describe('pushed', () => {
  test('shards load an engine without a merge, and each removes what is gone of its own', async () => {
    const engine = memoryEngine()
    for (const folder of shards.slice(0, 2)) await pushPack({ folder, engine, activate: false })
    expect(await engine.describe()).toBeNull()
    await pushPack({ folder: shards[2], engine })
    expect(await engine.describe()).toMatchObject({ count: 13 })

    const fewer = join(home, 'fewer.json')
    const gone = items.find(({ id }) => shardNumberOf(id, 3) === 1)?.id as string
    writeFileSync(fewer, JSON.stringify(items.filter(({ id }) => id !== gone)))
    const out = copyOf(shards[0])
    await index({ feed: fewer, out, shard: { number: 1, of: 3 } })
    expect(await pushPack({ folder: out, engine })).toMatchObject({ written: 0, removed: 1 })
    expect((await engine.vectorOf([gone])).rows).toEqual([])
    expect(await engine.describe()).toMatchObject({ count: 12 })
  })

  test('a folder whose shard did not get to its end is refused', async () => {
    const folder = copyOf(shards[0], (file) => ({ ...file, pack: '' }))
    await expect(pushPack({ folder, engine: memoryEngine() })).rejects.toThrow('not about its catalog.json')
  })
})

test('a folder that is indexed as a whole is no shard any more', async () => {
  const out = copyOf(shards[0])
  await index({ out })
  expect(existsSync(join(out, shardFileName))).toBe(false)
})

describe.skipIf(!isBuilt)('plain processes', () => {
  const shop = createServer((request, response) => {
    served.push(request.url as string)
    // So slow that a process can be killed between two pictures.
    setTimeout(() => response.end(readFileSync(join(home, 'chair.jpg'))), 30)
  })
  const served: string[] = []
  let origin: string
  beforeAll(async () => {
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  })
  afterAll(() => {
    shop.close()
    shop.closeAllConnections()
  })

  test('one that is killed is run again alone, and goes on', async () => {
    const many = join(home, 'many.json')
    const links = Array.from({ length: 24 }, (_, at) => ({
      ...items[0],
      id: `m-${at}`,
      image_link: `/${at}.jpg`,
    }))
    writeFileSync(many, JSON.stringify(links))
    const first = join(home, 'process-1')
    const start = (out: string, shard: string) => {
      const how = ['--precision', 'int8', '--workers', '1', '--concurrency', '1', '--base-url', origin]
      return startCommand(['index', many, '--out', out, '--shard', shard, ...how])
    }
    const killed = start(first, '1/2')
    await expect.poll(() => served.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(4)
    killed.process.kill('SIGKILL')
    expect((await killed.ended).code).toBeNull()
    const tooEarly = await runCommand('push', first, '--engine', join(home, 'none.mjs'))
    expect(tooEarly.code).toBe(1)
    const ended = await start(first, '1/2').ended
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('shard 1/2 is in')])
    const again = /(\d+) pictures encoded, (\d+) unchanged/.exec(ended.stdout)
    expect(Number(again?.[2])).toBeGreaterThan(2)
    expect(Number(again?.[1]) + Number(again?.[2])).toBe(
      links.filter(({ id }) => shardNumberOf(id, 2) === 1).length,
    )
  }, 120_000)

  test('the shell script of docs/many-machines.md makes one catalogue', () => {
    const folder = scratchFolder()
    copyPhoto('plant', join(folder, 'plant.jpg'))
    const products = Array.from({ length: 6 }, (_, at) => ({
      id: `p${at}`,
      title: 'P',
      image_link: 'plant.jpg',
    }))
    writeFileSync(join(folder, 'feed.json'), JSON.stringify(products))
    const document = readFileSync(join(root, 'docs/many-machines.md'), 'utf8')
    const script = document.split('## Plain processes')[1]?.split('```sh\n')[1]?.split('```')[0] as string
    const cli = `"${process.execPath}" "${join(root, 'dist/node/cli.js')}"`
    execFileSync('sh', ['-c', script.replaceAll('npx similar-items', cli)], { cwd: folder, stdio: 'pipe' })
    const items = JSON.parse(readFileSync(join(folder, 'public/similar/catalog.json'), 'utf8'))
    expect(items).toMatchObject({ pack: { count: 6 }, items: products })
  }, 120_000)
})
