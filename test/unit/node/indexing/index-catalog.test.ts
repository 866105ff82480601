import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type IndexOptions, indexCatalog, journalName } from '../../../../src/node/indexing/index-catalog.js'
import { openPack } from '../../../../src/node/pack/open-pack.js'
import { decodeVector } from '../../../../src/vectors/encoded-vectors.js'
import { cosineSimilarity } from '../../../../src/vectors/normalize.js'
import { readPack } from '../../../../src/vectors/pack.js'
import { project, readProjection, writeProjection } from '../../../../src/vectors/projection.js'
import { makeSpace } from '../../../../src/vectors/space.js'
import { runCommand } from '../command/command-process.js'
import { copyPhoto, modelFolder, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
let shops = 0

/** A folder with pictures and a feed of the products that show them. */
function openShop(items: readonly Record<string, string>[]) {
  const home = join(folder, `shop-${shops++}`)
  mkdirSync(home)
  for (const name of ['chair', 'plant', 'camera'] as const) copyPhoto(name, join(home, `${name}.jpg`))
  const feed = join(home, 'feed.json')
  writeFileSync(feed, JSON.stringify(items))
  const out = join(home, 'out')
  const index = (options: Partial<IndexOptions> = {}) =>
    indexCatalog({
      feed,
      model: modelFolder,
      out,
      // Stated, so that no run spends its time on measuring which weights are fastest here.
      precision: 'int8',
      workers: 1,
      retries: 0,
      privateHosts: ['127.0.0.1'],
      ...options,
    })
  return { home, out, index }
}

const item = (id: string, image_link: string) => ({ id, title: `The ${id}`, image_link })
const three = ['chair', 'plant', 'camera'].map((name) => item(name, `/${name}.jpg`))

describe('bad pictures and items', () => {
  test('are skipped, each with its reason; the others are in the pack', async () => {
    const { home, out, index } = openShop([
      ...three,
      item('cut', 'cut.jpg'),
      item('byte', 'byte.jpg'),
      item('empty', 'empty.jpg'),
      item('missing', 'missing.jpg'),
      item('web', '<html>.jpg'),
      item('chair', 'plant.jpg'),
      item('twin', 'chair.jpg'),
      { id: 'untitled', image_link: 'chair.jpg' },
    ])
    const chair = readFileSync(join(home, 'chair.jpg'))
    writeFileSync(join(home, 'cut.jpg'), chair.subarray(0, chair.length / 2))
    writeFileSync(join(home, 'byte.jpg'), chair.subarray(0, 1))
    writeFileSync(join(home, 'empty.jpg'), '')
    writeFileSync(join(home, '<html>.jpg'), '<!doctype html><p>Not found')
    const report = await index()
    const reasons = Object.fromEntries(report.skipped.map(({ id, reason }) => [id, reason]))
    expect(reasons).toEqual({
      chair: 'Item #9 repeats this id; the first item keeps it.',
      untitled: 'It has no title.',
      cut: expect.stringContaining('cannot be decoded'),
      byte: expect.stringContaining('cannot be decoded'),
      empty: expect.stringContaining('is empty'),
      missing: expect.stringContaining('does not exist'),
      web: expect.stringContaining('cannot be decoded'),
    })
    expect(report.pictures).toEqual({ total: 8, encoded: 3, unchanged: 0, kept: 0, failed: 5 })
    const { pack, products } = await openPack(out)
    expect(pack.entries.map(({ id }) => id)).toEqual(['chair', 'plant', 'camera', 'twin'])
    // The key is the link as the page has it, so the pack fits wherever the folder is served.
    expect(pack.entries[0]?.contentKey).toBe('/chair.jpg')
    expect(products.size).toBe(9)
    const [chairVector, , , twin] = pack.entries.map((_, row) => decodeVector(pack.vectors, row))
    expect([...(twin as Float32Array)]).toEqual([...(chairVector as Float32Array)])
  })

  test('another number format than there are is refused before anything is written', async () => {
    const { out, index } = openShop(three)
    const options = { format: 'f32' } as unknown as Partial<IndexOptions>
    await expect(index(options)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(existsSync(out)).toBe(false)
  })

  test('a feed of nothing else is an error that says why', async () => {
    const { index } = openShop([{ id: '1', title: 'No picture' }])
    await expect(index()).rejects.toMatchObject({
      code: 'catalog-invalid',
      message: expect.stringContaining('It has no image_link'),
    })
  })
})

describe('the next run', () => {
  test('encodes only what has changed, and keeps the pack where nothing has', async () => {
    const { home, out, index } = openShop(three)
    const first = await index()
    expect(first.pictures).toMatchObject({ encoded: 3, unchanged: 0 })
    const before = readFileSync(join(out, 'catalog.json'), 'utf8')
    const { ino } = statSync(join(out, journalName))
    const second = await index()
    expect(second.pictures).toMatchObject({ encoded: 0, unchanged: 3 })
    expect(readFileSync(join(out, 'catalog.json'), 'utf8')).toBe(before)
    // It may be a gigabyte, and is not written anew.
    expect(statSync(join(out, journalName)).ino).toBe(ino)
    copyPhoto('hat', join(home, 'chair.jpg'))
    const third = await index()
    expect(third.pictures).toMatchObject({ encoded: 1, unchanged: 2 })
    expect(third.pack).not.toBe(first.pack)
    // The pack before stays for pages that are open; an older one would not.
    expect(readdirSync(out).filter((name) => name.startsWith('pack-'))).toHaveLength(2)
  })

  test('goes on where a journal was cut off in the middle of a line', async () => {
    const { out, index } = openShop(three)
    const { pack } = await index()
    const journal = join(out, journalName)
    truncateSync(journal, readFileSync(journal).length - 100)
    const resumed = await index()
    expect(resumed.pictures).toMatchObject({ encoded: 1, unchanged: 2 })
    expect(resumed.pack).toBe(pack)
    expect((await index()).pictures).toMatchObject({ encoded: 0, unchanged: 3 })
  })

  test('encodes anew with another model, whose vectors are of another space', async () => {
    const { out, index } = openShop(three)
    await index()
    const journal = join(out, journalName)
    writeFileSync(journal, readFileSync(journal, 'utf8').replace(/\{"space":"\w/, '{"space":"x'))
    expect((await index()).pictures).toMatchObject({ encoded: 3, unchanged: 0 })
  })
})

describe('while the server of the pictures is down', () => {
  let down: (path: string) => boolean = () => false
  let origin = ''
  const server = createServer((request, response) => {
    const path = request.url as string
    if (down(path)) response.writeHead(503).end()
    else if (path === '/none.jpg') response.writeHead(404).end()
    else response.setHeader('etag', '"1"').end(readFileSync(join(folder, path)))
  })
  beforeAll(async () => {
    for (const name of ['chair', 'plant', 'camera'] as const) copyPhoto(name, join(folder, `${name}.jpg`))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())
  const openWebShop = (...names: string[]) =>
    openShop(names.map((name) => item(name, `${origin}/${name}.jpg`)))

  test('the vectors of the run before are used', async () => {
    const { home, out, index } = openWebShop('chair', 'plant', 'camera')
    down = () => false
    const first = await index()
    const before = readFileSync(join(out, 'catalog.json'), 'utf8')
    down = () => true
    const second = await index()
    expect(second).toMatchObject({ products: 3, pack: first.pack, skipped: [] })
    expect(second.pictures).toEqual({ total: 3, encoded: 0, unchanged: 0, kept: 3, failed: 0 })
    expect(readFileSync(join(out, 'catalog.json'), 'utf8')).toBe(before)
    const again = ['index', join(home, 'feed.json'), '--model', modelFolder, '--out', out, '--retries', '0']
    again.push('--private-hosts', '127.0.0.1')
    const { code, stdout } = await runCommand(...again, '--precision', 'int8', '--workers', '1', '--strict')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('0 pictures encoded, 0 unchanged, 3 not reached and kept, 0 failed'),
    })
  })

  test('a first run fails and writes no catalogue', async () => {
    const { out, index } = openWebShop('chair', 'plant')
    down = () => true
    await expect(index()).rejects.toMatchObject({
      code: 'image-unreachable',
      message: expect.stringMatching(
        /^None of the 2 pictures of the feed can be used: The picture .* answered with status 503\. Nothing was written\.$/,
      ),
    })
    expect(readdirSync(out)).toEqual([journalName])
  })

  test('a new picture is skipped, and pages may try it', async () => {
    const { out, index } = openWebShop('chair', 'plant', 'none')
    down = (path) => path === '/plant.jpg'
    const { pictures, skipped } = await index()
    expect(pictures).toEqual({ total: 3, encoded: 1, unchanged: 0, kept: 0, failed: 2 })
    expect(skipped.map(({ id }) => id)).toEqual(['plant', 'none'])
    const { pack } = JSON.parse(readFileSync(join(out, 'catalog.json'), 'utf8'))
    expect(pack).toMatchObject({ count: 1, unusable: [`${origin}/none.jpg`] })
  })
})

describe('projections', () => {
  test('a cut keeps the first numbers of the encoder, in a space of its own', async () => {
    const { out, index } = openShop(three)
    const whole = await index({ format: 'float32' })
    const full = (await openPack(out)).pack
    const cut = await index({ format: 'float32', projection: { kind: 'cut', dimensions: 64 } })
    const { pack, projection } = await openPack(out)
    expect(cut.pictures.encoded).toBe(0)
    expect(cut.space.fingerprint).not.toBe(whole.space.fingerprint)
    expect(projection?.to).toEqual(pack.space)
    for (const row of pack.entries.keys()) {
      const expected = decodeVector(full.vectors, row).slice(0, 64)
      expect(cosineSimilarity(decodeVector(pack.vectors, row), expected)).toBeCloseTo(1, 5)
    }
  })

  test('principal axes keep the cosines of what they were fitted to, and stay for the next run', async () => {
    const { home, out, index } = openShop(three)
    await index({ format: 'float32' })
    const full = (await openPack(out)).pack
    const projection = { kind: 'pca', dimensions: 3 } as const
    const fitted = await index({ format: 'float32', projection })
    const { pack } = await openPack(out)
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const cosine = cosineSimilarity(decodeVector(full.vectors, a), decodeVector(full.vectors, b))
      expect(cosineSimilarity(decodeVector(pack.vectors, a), decodeVector(pack.vectors, b))).toBeCloseTo(
        cosine,
        4,
      )
    }
    copyPhoto('hat', join(home, 'plant.jpg'))
    expect((await index({ format: 'float32', projection })).space).toEqual(fitted.space)
    const refitted = await index({ format: 'float32', projection, refit: true })
    expect(refitted.space).not.toEqual(fitted.space)
  })

  test('principal axes take the place of another projection of as many dimensions', async () => {
    const { index } = openShop(three)
    const cut = await index({ projection: { kind: 'cut', dimensions: 3 } })
    const fitted = await index({ projection: { kind: 'pca', dimensions: 3 } })
    expect(fitted.space).not.toEqual(cut.space)
  })

  test('a tuned projection is applied from its file, whole or cut, to vectors that are there', async () => {
    const { home, out, index } = openShop(three)
    const { space } = await index({ format: 'float32' })
    const full = (await openPack(out)).pack
    const matrix = Float32Array.from({ length: 100 * 192 }, (_, position) => Math.sin(position * position))
    const path = join(home, 'tuned.safetensors')
    writeFileSync(path, writeProjection(space, matrix, 'tuned'))
    const expected = await readProjection(new Uint8Array(readFileSync(path)), path)

    const whole = await index({ format: 'float32', projection: { kind: 'file', path } })
    expect(whole.space).toEqual(expected.to)
    expect(whole.pictures.encoded).toBe(0)
    const { pack, projection } = await openPack(out)
    expect(projection).toEqual(expected)
    for (const row of full.entries.keys()) {
      const { vector } = project(expected, { space, vector: decodeVector(full.vectors, row) })
      expect(cosineSimilarity(decodeVector(pack.vectors, row), vector)).toBeCloseTo(1, 5)
    }

    const cut = await index({ projection: { kind: 'file', path, dimensions: 40 } })
    expect(cut.space).toMatchObject({ dimensions: 40 })
    expect((await openPack(out)).projection?.matrix).toEqual(matrix.slice(0, 40 * 192))
  })

  test('a file that is no projection for the model is refused', async () => {
    const { home, out, index } = openShop(three)
    const path = join(home, 'tuned.safetensors')
    const refusal = (dimensions?: number) => index({ projection: { kind: 'file', path, dimensions } })
    await expect(refusal()).rejects.toMatchObject({ code: 'pack-unreachable', subject: path })
    writeFileSync(path, '<!doctype html>')
    await expect(refusal()).rejects.toMatchObject({ code: 'pack-invalid', subject: path })
    const other = makeSpace({ model: 'other', preprocessing: 'p', projection: null, dimensions: 192 })
    writeFileSync(path, writeProjection(other, new Float32Array(192).fill(1), 'tuned'))
    await expect(refusal()).rejects.toMatchObject({
      code: 'space-mismatch',
      message: expect.stringContaining(other.fingerprint),
    })
    const { space } = await index()
    writeFileSync(path, writeProjection(space, new Float32Array(192).fill(1), 'tuned'))
    await expect(refusal(2)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect((await openPack(out)).pack.space).toEqual(space)
  })

  test('a mean is subtracted where that is asked for, and only there', async () => {
    const { out, index } = openShop(three)
    const plain = await index({ format: 'float32' })
    expect(plain.space).toMatchObject({ projection: null })
    expect(plain.space).not.toHaveProperty('centered')
    const full = (await openPack(out)).pack
    const vectors = full.entries.map((_, row) => decodeVector(full.vectors, row))
    const mean = vectors[0]?.map(
      (_, axis) => vectors.reduce((sum, vector) => sum + (vector[axis] ?? 0), 0) / 3,
    )

    const centered = await index({ format: 'float32', center: true })
    expect(centered.space).toMatchObject({ dimensions: 192, centered: true })
    expect(centered.pictures.encoded).toBe(0)
    const { pack, projection, path } = await openPack(out)
    expect(projection).toMatchObject({ method: 'center', matrix: null, to: pack.space })
    expect(readPack(new Uint8Array(readFileSync(path)), path).space).toEqual(centered.space)
    for (const [row, vector] of vectors.entries()) {
      const expected = vector.map((component, axis) => component - (mean?.[axis] ?? 0))
      expect(cosineSimilarity(decodeVector(pack.vectors, row), expected)).toBeCloseTo(1, 4)
    }
    expect((await index()).space).toEqual(plain.space)
  })

  test.each<[string, Partial<IndexOptions>]>([
    ['alone', {}],
    ['before principal axes', { projection: { kind: 'pca', dimensions: 2 } }],
    ['before a cut', { projection: { kind: 'cut', dimensions: 64 } }],
  ])('a mean %s stays for the next run until the catalogue has changed much', async (_, options) => {
    const { home, out, index } = openShop(three)
    const whole = await index({ ...options, center: true })
    const first = (await openPack(out)).projection
    expect(first?.to).toEqual(whole.space)
    expect(first?.from.dimensions).toBe(first?.mean?.length)
    expect((await index({ ...options, center: true, format: 'float32' })).space).toEqual(whole.space)
    // One of three pictures is much of this catalogue.
    copyPhoto('hat', join(home, 'plant.jpg'))
    const changed = await index({ ...options, center: true })
    expect(changed.space).not.toEqual(whole.space)
    expect((await openPack(out)).projection?.mean).not.toEqual(first?.mean)
    const again = await index({ ...options, center: true, refit: true })
    expect(again.space).toEqual(changed.space)
  })

  test('a damaged file of the run before is made anew', async () => {
    const { out, index } = openShop(three)
    const { space } = await index({ center: true })
    const [name = ''] = readdirSync(out).filter((file) => file.startsWith('projection-'))
    truncateSync(join(out, name), 100)
    expect((await index({ center: true })).space).toEqual(space)
    expect((await openPack(out)).projection?.to).toEqual(space)
  })

  test('a tuned projection with a mean is applied with it', async () => {
    const { home, out, index } = openShop(three)
    const { space } = await index({ format: 'float32' })
    const full = (await openPack(out)).pack
    const matrix = Float32Array.from({ length: 100 * 192 }, (_, position) => Math.sin(position * position))
    const mean = new Float32Array(192).fill(0.03)
    const path = join(home, 'tuned.safetensors')
    writeFileSync(path, writeProjection(space, matrix, 'tuned', mean))
    const expected = await readProjection(new Uint8Array(readFileSync(path)), path)
    const whole = await index({ format: 'float32', projection: { kind: 'file', path } })
    expect(whole.space).toEqual(expected.to)
    expect(whole.space.centered).toBe(true)
    const { pack } = await openPack(out)
    for (const row of full.entries.keys()) {
      const { vector } = project(expected, { space, vector: decodeVector(full.vectors, row) })
      expect(cosineSimilarity(decodeVector(pack.vectors, row), vector)).toBeCloseTo(1, 5)
    }
    const cut = await index({ projection: { kind: 'file', path, dimensions: 40 } })
    expect(cut.space).toMatchObject({ dimensions: 40, centered: true })
    expect((await openPack(out)).projection?.mean).toEqual(mean)

    const meanAlone = join(home, 'mean.safetensors')
    writeFileSync(meanAlone, writeProjection(space, null, 'center', mean))
    const kept = await index({ projection: { kind: 'file', path: meanAlone, dimensions: 40 } })
    expect(kept.space).toMatchObject({ dimensions: 40, centered: true })
  })

  test.each<[string, Partial<IndexOptions>]>([
    ['a file says itself whether it centers', { projection: { kind: 'file', path: 'x' }, center: true }],
    ['also that it does not', { projection: { kind: 'file', path: 'x' }, center: false }],
    ['nothing is fitted', { refit: true }],
    ['a cut is not fitted', { projection: { kind: 'cut', dimensions: 3 }, refit: true }],
    ['a file is not fitted', { projection: { kind: 'file', path: 'x' }, refit: true }],
  ])('%s', async (_, options) => {
    const { out, index } = openShop(three)
    await expect(index(options)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(existsSync(out)).toBe(false)
  })

  test('more axes than pictures are refused', async () => {
    const { out, index } = openShop(three)
    await expect(index({ projection: { kind: 'pca', dimensions: 128 } })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('the feed has 3'),
    })
    expect(existsSync(join(out, 'catalog.json'))).toBe(false)
  })
})

test('an abort rejects with its reason, and what was finished is not done again', async () => {
  const { out, index } = openShop(three)
  const controller = new AbortController()
  const reason = new Error('enough')
  await expect(
    index({ signal: controller.signal, concurrency: 1, onProgress: () => controller.abort(reason) }),
  ).rejects.toBe(reason)
  expect(readdirSync(out)).toEqual([journalName])
  expect((await index()).pictures).toEqual({ total: 3, encoded: 2, unchanged: 1, kept: 0, failed: 0 })
})

test.skipIf(!existsSync('/dev/full'))('a full disk is told, and what was there stays', async () => {
  const { home, out, index } = openShop(three)
  await index()
  const before = readFileSync(join(out, 'catalog.json'), 'utf8')
  copyPhoto('hat', join(home, 'chair.jpg'))
  symlinkSync('/dev/full', join(out, 'catalog.json.partial'))
  await expect(index()).rejects.toMatchObject({
    code: 'output-failed',
    message: expect.stringContaining(`${join(out, 'catalog.json')} cannot be written: the disk is full.`),
  })
  expect(readFileSync(join(out, 'catalog.json'), 'utf8')).toBe(before)
  await openPack(out)
})

test('a folder that cannot be written', async () => {
  const { home, index } = openShop(three)
  await expect(index({ out: join(home, 'feed.json') })).rejects.toMatchObject({ code: 'output-failed' })
})

test('relative links become absolute with a base URL, and pictures are still found on disk where told', async () => {
  const { home, out, index } = openShop([{ ...item('chair', 'chair.jpg'), link: '/p/chair' }])
  await index({ baseUrl: 'https://shop.test/feeds/', images: home })
  const { products, pack } = await openPack(out)
  expect(products.get('chair')).toMatchObject({
    image_link: 'https://shop.test/feeds/chair.jpg',
    link: 'https://shop.test/p/chair',
  })
  expect(pack.entries[0]?.contentKey).toBe('https://shop.test/feeds/chair.jpg')
})
