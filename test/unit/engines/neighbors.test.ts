import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { abortable } from '../../../src/abortable.js'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { memoryEngine } from '../../../src/engines/memory-engine.js'
import { encodedRows } from '../../../src/engines/stored-vector.js'
import { writeCatalog } from '../../../src/node/indexing/write-catalog.js'
import { findNeighbors } from '../../../src/node/neighbors/find-neighbors.js'
import { openPack } from '../../../src/node/pack/open-pack.js'
import { pushPack } from '../../../src/node/pack/push-pack.js'
import type { Product } from '../../../src/types.js'
import { codeBlocks } from '../../browser/documents.js'
import { isBuilt, startCommand } from '../node/command/command-process.js'
import { scratchFolder } from '../node/scratch.js'

/** What index writes for a catalogue with variants, near-duplicates and pictures that products share. */
async function writeFolder(
  count = 400,
  change: (item: Product, at: number) => Product = (item) => item,
): Promise<string> {
  const { space, rows } = madeRows(count, 8)
  const items = rows.map(({ product, group }, at): Product => {
    const image_link = at % 7 === 0 ? '/shared.jpg' : String(product.image_link)
    return change(
      { ...(product as unknown as Product), image_link, ...(group && { item_group_id: group }) },
      at,
    )
  })
  const entries = items.map(({ id, image_link }) => ({ id, contentKey: image_link }))
  const vectors = encodedRows(
    rows.map(({ vector }) => vector),
    space.dimensions,
  )
  const out = join(scratchFolder(), 'out')
  mkdirSync(out)
  await writeCatalog(out, { items, pack: { space, entries, vectors }, projection: null, unusable: [] })
  return out
}

test('neighbours by an exact engine are those of the scan', { timeout: 60_000 }, async () => {
  const folder = await writeFolder()
  const engine = memoryEngine()
  await pushPack({ folder, engine })
  const { pack, products } = await openPack(folder, { attributes: ['item_group_id'] })
  for (const options of [{ count: 12 }, { count: 5, perGroup: 3 }]) {
    const [ours, theirs] = await Promise.all([
      findNeighbors(pack, { ...options, products }),
      findNeighbors(pack, { ...options, products, engine }),
    ])
    expect([ours.search, theirs.search, theirs.recall]).toEqual(['exact', 'engine', 1])
    expect([...theirs.lists]).toEqual([...ours.lists])
  }
})

test('many questions that listen to one signal are no leak to Node', async () => {
  const folder = await writeFolder(60)
  const memory = memoryEngine()
  await pushPack({ folder, engine: memory })
  const { pack, products } = await openPack(folder, { attributes: ['item_group_id'] })
  const warned = vi.fn()
  process.on('warning', warned)
  try {
    // As a pool listens, and whoever waits for it.
    const nearest: typeof memory.nearest = async (query) => {
      const waits = [1, 2].map(() =>
        abortable(new Promise((resolve) => setTimeout(resolve, 1)), query.signal),
      )
      await Promise.all(waits)
      return memory.nearest(query)
    }
    const { signal } = new AbortController()
    await findNeighbors(pack, { count: 3, products, engine: { ...memory, nearest }, signal })
    // Warnings come in a later turn.
    await new Promise((resolve) => setImmediate(resolve))
    expect(warned).not.toHaveBeenCalled()
  } finally {
    process.off('warning', warned)
  }
})

test('a product that push has left out has an empty list, whatever the reason', async () => {
  const half = ['a\ud800', ...Array<string>(29).fill('')]
  const folder = await writeFolder(30, (item, at) => ({ ...item, item_group_id: half[at] as string }))
  const engine = memoryEngine()
  expect(await pushPack({ folder, engine })).toMatchObject({ written: 29, skipped: [{ id: 'row-0' }] })
  const { pack, products } = await openPack(folder, { attributes: ['item_group_id'] })
  const { lists } = await findNeighbors(pack, { count: 5, products, engine })
  expect(Array.from(lists, ([, list]) => list.length)).toEqual([0, ...Array<number>(29).fill(5)])
})

test('what has not been pushed, or lives in another space, is said', async () => {
  const { pack } = await openPack(await writeFolder(30))
  const engine = memoryEngine()
  const { space, otherSpace, rows } = madeRows(30, 8)
  await engine.write(space, rows.slice(0, 20))
  await engine.activate(space)
  const refused = (code: string) => expect.objectContaining({ code })
  await expect(findNeighbors(pack, { engine })).rejects.toThrow(refused('product-unknown'))
  await engine.write(otherSpace, rows)
  await engine.activate(otherSpace)
  await expect(findNeighbors(pack, { engine })).rejects.toThrow(refused('space-mismatch'))
  const signal = AbortSignal.abort(new Error('stopped'))
  await expect(findNeighbors(pack, { engine, signal })).rejects.toThrow('stopped')
})

describe.skipIf(!isBuilt)('on the command line', () => {
  afterEach(() => void vi.unstubAllEnvs())

  /** A file from which packages are found. */
  function moduleFile(code: string): string {
    const folder = scratchFolder()
    const root = join(import.meta.dirname, '../../..')
    mkdirSync(join(folder, 'node_modules/@lancedb'), { recursive: true })
    symlinkSync(root, join(folder, 'node_modules/similar-items'), 'dir')
    symlinkSync(
      join(root, 'node_modules/@lancedb/lancedb'),
      join(folder, 'node_modules/@lancedb/lancedb'),
      'dir',
    )
    const file = join(folder, 'engine.mjs')
    writeFileSync(file, code)
    return file
  }

  test('the files are the same', { timeout: 60_000 }, async () => {
    const folder = await writeFolder(100)
    const block = codeBlocks('docs/vector-engines.md', 'js').find((code) => code.includes('lancedbEngine'))
    const file = moduleFile(block ?? '')
    vi.stubEnv('LANCEDB_URI', join(folder, 'lance'))
    const run = async (...argv: string[]) => {
      const { code, stdout, stderr } = await startCommand(argv).ended
      expect(code, stderr).toBe(0)
      return stdout
    }
    const [plain, byEngine] = [join(folder, 'plain'), join(folder, 'by-engine')]
    await run('push', folder, '--engine', file)
    await run('neighbors', folder, '--out', plain)
    const told = await run('neighbors', folder, '--out', byEngine, '--engine', file)
    expect(told).toContain('search engine, recall 1.0000')
    const contents = (out: string) => readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))
    expect(contents(byEngine)).toEqual(contents(plain))
    expect(contents(plain).length).toBeGreaterThan(5)
  })
})
