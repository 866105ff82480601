import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { MemoryStore } from '../../../src/store/memory-store.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { writePack } from '../../../src/vectors/pack.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { PackInUse } from '../../../src/worker/catalog/pack-in-use.js'
import { VectorCollection } from '../../../src/worker/collection/vector-collection.js'
import type { WorkerEvent } from '../../../src/worker/protocol.js'
import { SessionReports } from '../../../src/worker/session/session-reports.js'
import { StatusBoard } from '../../../src/worker/session/status-board.js'

const space = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 4 })
const events = {
  isCurrent: () => true,
  onLoaded: () => undefined,
  onWanted: () => undefined,
  isStarting: () => false,
}
const newerSpace = makeSpace({ ...space, model: 'n' })

test('a pack that came with a newer catalogue does not go into vectors of another space', async () => {
  const { pack, told } = packInUse()
  const reference = { url: 'pack', sha256: 'c'.repeat(64), bytes: 1, count: 1, space: newerSpace }
  // Nothing answers there: the attempt to load it would be told.
  pack.take({ value: { ...reference, projection: null }, base: 'https://shop.invalid/' })
  expect(pack.space?.fingerprint).toBe(newerSpace.fingerprint)

  const collection = await VectorCollection.open(new MemoryStore(), 'catalog', space, 'float32', events)
  const products = new Map([['1', { id: '1', title: '1', image_link: 'https://shop.invalid/1.jpg' }]])
  await pack.loadInto(collection, () => products, new AbortController().signal)
  expect(collection.table.size).toBe(0)
  expect(told).toEqual([])
  await collection.close()
})

test('a pack that could not be had is still missing when a newer feed names the same one', async () => {
  const { pack } = packInUse()
  const { signal } = new AbortController()
  const written = { url: 'pack', sha256: 'c'.repeat(64), bytes: 1, count: 1, space, projection: null }
  const server = createServer((_, response) => response.writeHead(503).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/catalog.json`
  const collection = await VectorCollection.open(new MemoryStore(), base, space, 'int8', events)
  try {
    pack.take({ value: written, base })
    expect(await pack.loadInto(collection, () => new Map(), signal)).toBe(false)
    expect(pack.isMissing).toBe(true)
    pack.take({ value: { ...written }, base })
    expect(pack.isMissing).toBe(true)
    pack.take({ value: { ...written, sha256: 'd'.repeat(64) }, base })
    expect(pack.isMissing).toBe(false)
  } finally {
    await collection.close()
    server.close()
  }
})

test('a download that was begun is gone on with, and what came is stored behind it', async () => {
  const bytes = writePack({
    space,
    entries: [{ id: '1', contentKey: '/1.jpg' }],
    vectors: encodeVectors([new Float32Array([1, 0, 0, 0])], space.dimensions, 'int8'),
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  let requests = 0
  const server = createServer((_, response) => {
    requests++
    response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/catalog.json`
  const { signal } = new AbortController()
  const store = new MemoryStore()
  try {
    const { pack, told } = packInUse()
    const written = { url: 'pack', sha256, bytes: bytes.length, count: 1, space, projection: null }
    pack.take({ value: written, base })
    pack.prefetch(signal)
    pack.prefetch(signal)
    const collection = await VectorCollection.open(store, base, space, 'int8', events)
    const product = { id: '1', title: '1', image_link: new URL('/1.jpg', base).href }
    expect(await pack.loadInto(collection, () => new Map([['1', product]]), signal)).toBe(true)
    expect(collection.table.size).toBe(1)
    // Whoever closes waits for what is being stored.
    await collection.close()
    expect(await store.loadPackHash(base, space)).toBe(sha256)
    expect(requests).toBe(1)
    expect(told.filter(({ type }) => type !== 'progress')).toEqual([])

    pack.prefetch(signal)
    const again = await VectorCollection.open(store, base, space, 'int8', events)
    expect(again.table.size).toBe(1)
    expect(await pack.loadInto(again, () => new Map([['1', product]]), signal)).toBe(false)
    await again.close()
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a download that was begun and failed is told where the pack is wanted', async () => {
  const { pack, told } = packInUse()
  const reference = { url: 'pack', sha256: 'c'.repeat(64), bytes: 1, count: 1, space, projection: null }
  pack.take({ value: reference, base: 'http://127.0.0.1:1/' })
  const { signal } = new AbortController()
  pack.prefetch(signal)
  expect(told).toEqual([])
  const collection = await VectorCollection.open(new MemoryStore(), 'catalog', space, 'int8', events)
  expect(await pack.loadInto(collection, () => new Map(), signal)).toBe(false)
  expect(told.map((event) => event.type === 'warning' && event.error.code)).toEqual(['pack-unreachable'])
  expect(pack.isMissing).toBe(true)
  await collection.close()
})

function packInUse() {
  const told: WorkerEvent[] = []
  const status = new StatusBoard(() => undefined)
  const reports = new SessionReports(
    (event) => told.push(event),
    status,
    () => 1,
  )
  return { told, pack: new PackInUse(status, reports, { failed: () => undefined }) }
}
