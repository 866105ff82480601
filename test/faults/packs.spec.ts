import { createHash } from 'node:crypto'
import { loadModelFolder } from '../../src/encoder/model/model-folder.js'
import type { Space } from '../../src/types.js'
import { encodeVectors } from '../../src/vectors/encoded-vectors.js'
import { hashOfId } from '../../src/vectors/neighbor-shard.js'
import { normalize } from '../../src/vectors/normalize.js'
import { writePack } from '../../src/vectors/pack.js'
import { projectedSpace, writeProjection } from '../../src/vectors/projection.js'
import { modelPath } from '../browser/engine/engine-page.js'
import { element, ranked } from '../browser/other-browsers/element-page.js'
import { expect, openPage, type Shop, type Tab, test } from '../browser/other-browsers/harness.js'
import type { Fault } from '../browser/server.js'
import { eachEngine } from './each-engine.js'
import { askUntilComplete, keepWarnings, openShop, warnings } from './engine-page.js'

const count = 3
const ids = Array.from({ length: count }, (_, index) => `sku-0${index + 1}`)

interface PackRow {
  readonly id: string
  readonly contentKey: string
  readonly vector: Float32Array
}

/**
 * Serves a catalogue of the first photos with a pack of vectors that the model folder could have made.
 * @param change what the pack has in the place of the catalogue's rows.
 */
async function publish(
  shop: Shop,
  isProjected: boolean,
  change = (rows: readonly PackRow[]) => rows,
): Promise<void> {
  shop.photoCatalog(count)
  const { space } = await loadModelFolder(shop.url(modelPath))
  if (!space) throw new Error('the model folder has no self-check')
  const file = (path: string, bytes: Uint8Array) => {
    shop.write(path, bytes)
    return { url: path, sha256: createHash('sha256').update(bytes).digest('hex') }
  }
  let own: Space = space
  let projection: ReturnType<typeof file> | undefined
  if (isProjected) {
    const rows = 4
    const matrix = Float32Array.from({ length: rows * space.dimensions }, (_, index) => Math.sin(index))
    projection = file('/projection.safetensors', writeProjection(space, matrix, 'pca'))
    own = projectedSpace(space, projection.sha256, rows)
  }
  const rows = change(
    ids.map((id, row) => ({
      id,
      contentKey: `/photos/${shop.photos[row]}`,
      vector: normalize(Float32Array.from({ length: own.dimensions }, (_, column) => Math.cos(row + column))),
    })),
  )
  const vectors = encodeVectors(
    rows.map(({ vector }) => vector),
    own.dimensions,
    'int8',
  )
  const bytes = writePack({ space: own, entries: rows, vectors })
  const pack = {
    ...file('/pack.safetensors', bytes),
    bytes: bytes.length,
    count: rows.length,
    space: own,
    projection,
  }
  const items = ids.map((id, row) => ({ id, title: id, image_link: `/photos/${shop.photos[row]}` }))
  shop.write('/catalog.json', JSON.stringify({ items, pack }))
}

const damages: readonly (readonly [name: string, fault: Fault, code: RegExp])[] = [
  ['has a flipped bit in its header', { kind: 'corrupt', at: 20 }, /^pack-invalid$/],
  ['has a flipped bit in its numbers', { kind: 'corrupt', at: 700 }, /^pack-invalid$/],
  ['breaks off', { kind: 'truncate', after: 100 }, /^pack-unreachable$/],
  ['is a web page', { kind: 'html' }, /^pack-unreachable$/],
]

for (const [name, fault, code] of damages) {
  test(`a pack that ${name} is named, and pictures are encoded instead`, async ({ tab, shop }) => {
    await publish(shop, false)
    shop.fault('/pack.safetensors', fault)
    await openShop(tab, shop, { storage: 'memory' })
    await keepWarnings(tab)
    expect(await askUntilComplete(tab)).toMatchObject({ ranked: count })
    const [warning] = await warnings(tab)
    expect(warning?.code).toMatch(code)
    expect(warning?.message).toContain('/pack.safetensors')
  })
}

test('of a pack that disagrees with its catalogue only what fits is used', async ({ tab, shop }) => {
  // Six visits, which take WebKit long where others work as well.
  test.setTimeout(180_000)
  const disagreements: Readonly<
    Record<string, readonly [change: (rows: readonly PackRow[]) => readonly PackRow[], encoded: number]>
  > = {
    'nothing differs': [(rows) => rows, 0],
    'another order': [(rows) => rows.toReversed(), 0],
    'rows of products that are gone': [
      ([first, ...rest]) => [{ ...row(first), id: 'gone' }, row(first), ...rest],
      0,
    ],
    'ids missing': [(rows) => rows.slice(1), 1],
    'other pictures': [
      ([first, ...rest]) => [
        row(first),
        ...rest.map((each) => ({ ...each, contentKey: '/photos/other.jpg' })),
      ],
      2,
    ],
    'ids twice': [(rows) => [...rows.slice(1), row(rows[1])], count],
  }
  const answers = new Map<string, readonly string[]>()
  for (const [what, [change, encoded]] of Object.entries(disagreements)) {
    await publish(shop, false, change)
    await openShop(tab, shop, { storage: 'memory' })
    const { ids, ...answer } = await askUntilComplete(tab)
    expect(answer, what).toEqual({ ranked: count, total: count, complete: true })
    expect((await tab.evaluate(() => window.engine.status)).vectors, what).toEqual({
      stored: count - encoded,
      encoded,
    })
    answers.set(what, ids)
    await tab.evaluate(() => window.engine.close())
  }
  for (const what of ['another order', 'rows of products that are gone'])
    expect(answers.get(what), what).toEqual(answers.get('nothing differs'))
})

test('a damaged projection is named; the pack goes on without it, and photos when it is well', {
  tag: eachEngine,
}, async ({ tab, shop }) => {
  await publish(shop, true)
  const rule = shop.fault('/projection.safetensors', { kind: 'corrupt', at: 700 })
  await openShop(tab, shop, { storage: 'memory' })
  expect(await askUntilComplete(tab)).toMatchObject({ ranked: count })
  const photo = shop.photos[7] as string
  expect(await search(tab, photo)).toMatchObject({ code: 'pack-invalid' })
  expect((await search(tab, photo)).message).toContain('/projection.safetensors')
  rule.remove()
  expect(await search(tab, photo)).toMatchObject({ code: null, ranked: count })
})

for (const [name, fault] of damages) {
  test(`a neighbour file that ${name} does no harm: the list comes from the pack`, async ({ tab, shop }) => {
    await publish(shop, false)
    const path = `/neighbors/${hashOfId('sku-01').slice(0, 2)}.json`
    shop.write(path, JSON.stringify({ 'sku-01': ids.slice(1).map((id): [string, number] => [id, 0.9]) }))
    // It is much shorter than a pack.
    const place = fault.kind === 'corrupt' ? { at: fault.at % 30 } : { after: 20 }
    shop.fault(path, { ...fault, ...place } as Fault)
    shop.allowErrors('neighbo')
    await openPage(
      tab,
      shop,
      element(`item="sku-01" min-score="-1" neighbors="/neighbors/{hash:2}.json" model="${modelPath}"`),
    )
    await ranked(tab)
    const shown = await tab.evaluate(() => {
      return document.querySelector('similar-items')?.results?.hits.map(({ product }) => product.id)
    })
    expect(shown?.toSorted()).toEqual(ids.slice(1))
  })
}

function search(tab: Tab, photo: string) {
  return tab.evaluate(async (photo) => {
    try {
      const { ranked } = await window.engine.searchByImage(`/photos/${photo}`)
      return { code: null, message: '', ranked }
    } catch (error) {
      const { code, message } = error as { code: string; message: string }
      return { code, message, ranked: 0 }
    }
  }, photo)
}

function row(given: PackRow | undefined): PackRow {
  if (!given) throw new Error('the pack has no such row')
  return given
}
