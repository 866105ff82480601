import { expect, test } from 'vitest'
import { CatalogProducts } from '../../../src/catalog/catalog-products.js'
import { MemoryStore } from '../../../src/store/memory-store.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { IndexSlot, type IndexSlotParts } from '../../../src/worker/indexing/index-slot.js'
import { Leisure } from '../../../src/worker/session/leisure.js'
import { StatusBoard } from '../../../src/worker/session/status-board.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const projected = makeSpace({ ...space, projection: 'a'.repeat(64) })
const { signal } = new AbortController()

function openSlot(store = new MemoryStore()) {
  const noted: string[] = []
  const products = CatalogProducts.of([])
  const parts = {
    config: { format: 'int8' },
    store,
    pack: { unusable: [], prefetch: () => undefined, loadInto: async () => false },
    modelSpace: {
      stored: async () => ({ space, checkedAt: Date.now() }),
      find: async () => space,
      confirmed: () => null,
      noteIndex: async (catalog: string, { fingerprint }: { fingerprint: string }) => {
        noted.push(`${catalog} ${fingerprint}`)
      },
    },
    pictures: {},
    status: new StatusBoard(() => undefined),
    reports: { changed: () => undefined, progress: () => undefined },
    leisure: new Leisure(async () => undefined),
    retries: { isPending: false, failed: () => undefined },
    catalogKey: () => 'catalog',
    products: () => products,
  } as unknown as IndexSlotParts
  return { slot: new IndexSlot(parts, signal), noted }
}

test.each([
  ['replaced', (slot: IndexSlot) => slot.replace()],
  ['moved', (slot: IndexSlot) => slot.moveTo(projected)],
])(
  'whoever asks while an index is being %s gets the one that takes its place, and it alone',
  async (_, change) => {
    const { slot } = openSlot()
    const before = await slot.index(signal)
    let closed = 0
    const { close } = before
    before.close = async () => {
      // The last vectors are being stored.
      await new Promise((resolve) => setTimeout(resolve, 20))
      closed++
      await close.call(before)
    }
    const changing = change(slot)
    const asked = slot.index(signal)
    const after = await changing
    expect(after).not.toBe(before)
    expect(await asked).toBe(after)
    expect(await slot.index(signal)).toBe(after)
    expect(closed).toBe(1)
    await slot.close()
  },
)

test('vectors that are read ahead are those of the space that was opened last', async () => {
  const store = new MemoryStore()
  const reads: string[] = []
  const load = store.loadVectors.bind(store)
  store.loadVectors = (catalog, of) => {
    reads.push(of.fingerprint)
    return load(catalog, of)
  }
  await store.putVectors('catalog', space, {
    entries: [{ id: '1', contentKey: '/1.jpg' }],
    vectors: encodeVectors([new Float32Array([1, 0, 0, 0])], 4, 'int8'),
  })
  const { slot, noted } = openSlot(store)
  slot.readAhead(space)
  await slot.index(signal)
  expect(reads).toEqual([space.fingerprint])
  expect(noted).toEqual([`catalog ${space.fingerprint}`])
  await slot.close()
})
