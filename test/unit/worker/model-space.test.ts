import { afterEach, expect, test, vi } from 'vitest'
import { MemoryStore } from '../../../src/store/memory-store.js'
import type { Space } from '../../../src/types.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { ModelSpace, type ModelSpaceParts } from '../../../src/worker/session/model-space.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const day = 24 * 60 * 60 * 1000

afterEach(() => vi.useRealTimers())

test.each([
  ['is believed for a day', 0.9 * day, false],
  ['is asked for anew after a day', 1.1 * day, true],
  ['is asked for anew where the clock was wrong then', -365 * day, true],
])("a model's identity %s", async (_, later, isStale) => {
  vi.useFakeTimers()
  const store = new MemoryStore()
  const model = 'https://shop.example/model/'
  await store.saveModelIdentity(model, { space, checkedAt: Date.now() })
  vi.setSystemTime(Date.now() + later)
  const onStale = vi.fn()
  const config = { model, projection: null }
  const pack = { fits: () => true, spaceFor: (encoder: Space) => encoder }
  const parts = { config, store, pack } as unknown as ModelSpaceParts
  expect(await new ModelSpace(parts, onStale).find(new AbortController().signal)).toEqual(space)
  expect(onStale).toHaveBeenCalledTimes(isStale ? 1 : 0)
})

test('which vectors were opened last is noted with the identity, and outlives its next confirmation', async () => {
  const store = new MemoryStore()
  const model = 'https://shop.example/model/'
  await store.saveModelIdentity(model, { space, checkedAt: Date.now() })
  const projected = makeSpace({ ...space, projection: 'a'.repeat(64) })
  const parts = { config: { model, projection: null }, store, pack: {} } as unknown as ModelSpaceParts
  await new ModelSpace(parts, () => undefined).noteIndex('catalog', projected)
  const opened = { catalog: 'catalog', space: projected }
  expect(await store.loadModelIdentity(model)).toMatchObject({ space, opened })
  await new ModelSpace(parts, () => undefined).confirm(space)
  expect(await store.loadModelIdentity(model)).toMatchObject({ space, opened })
})
