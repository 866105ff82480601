import type { Page } from '@playwright/test'
import fc from 'fast-check'
import type { VectorStore } from '../../../src/store/vector-store.js'
import { expectedContents, storeBehaviours } from '../../unit/store/store-behaviour.js'
import { anyOperations } from '../../unit/store/store-operations.js'
import { expect, test } from '../harness.js'
import { inTab, openTab } from './store-tab.js'

test.beforeEach(({ page, shop }) => openTab(page, shop))

test.describe('IndexedDB behaves like memory:', () => {
  for (const { name, expected } of storeBehaviours) {
    test(name, async ({ page }) => {
      const seen = await inTab(
        page,
        async ({ openStore, storeBehaviours }, name) => {
          const onWarning = (warning: Error) => {
            throw warning
          }
          const store = await openStore({ onWarning })
          if (store.kind !== 'indexeddb') throw new Error('not in IndexedDB')
          return storeBehaviours.find((behaviour) => behaviour.name === name)?.run(store)
        },
        name,
      )
      expect(seen).toEqual(expected)
    })
  }

  test('any puts and removals, seen from a second connection', async ({ page }) => {
    const lives = fc.sample(anyOperations, { numRuns: 25, seed: 7 })
    const seen = await inTab(
      page,
      async ({ IndexedDbStore, operate, contents }, lives) => {
        const results: string[][] = []
        for (const [index, operations] of lives.entries()) {
          const options = { name: `life-${index}`, onWarning: console.error }
          const [store, other] = [await IndexedDbStore.open(options), await IndexedDbStore.open(options)]
          // Turn by turn, so that each has to notice what the other wrote.
          for (const [turn, operation] of operations.entries()) {
            await operate(turn % 2 === 0 ? store : other, [operation])
          }
          results.push(await contents(other))
          store.close()
          other.close()
        }
        return results
      },
      lives,
    )
    expect(seen).toEqual(lives.map(expectedContents))
  })
})

test('everything survives a reload', async ({ page, shop }) => {
  await inTab(page, async ({ openStore, rowsOf, feed, space }) => {
    const store = await openStore({ onWarning: console.error })
    await store.putVectors(feed, space, rowsOf(['a', 'b'], 1))
    await store.saveCatalog(feed, { products: [], skipped: [], etag: '"1"', lastModified: null })
  })
  await openTab(page, shop)
  const seen = await inTab(page, async ({ openStore, contents, feed }) => {
    const store = await openStore({ onWarning: console.error })
    return [await contents(store), (await store.loadCatalog(feed))?.etag]
  })
  expect(seen).toEqual([['a picture-1 127,1', 'b picture-1 127,1'], '"1"'])
})

test('two tabs that write at once lose and repeat nothing', async ({ page, context, shop }) => {
  const second = await context.newPage()
  await openTab(second, shop)
  const write = (tab: Page, prefix: string) =>
    inTab(
      tab,
      async ({ openStore, rowsOf, feed, space }, prefix) => {
        const store = await openStore({ onWarning: console.error })
        for (let index = 0; index < 60; index++) {
          await store.putVectors(feed, space, rowsOf([`${prefix}${index}`, `shared${index}`], 1))
          if (index % 3 === 2) await store.removeVectors(feed, space, [`${prefix}${index - 1}`])
        }
      },
      prefix,
    )
  await Promise.all([write(page, 'first'), write(second, 'second')])
  const rows = await inTab(page, async ({ openStore, contents }) =>
    contents(await openStore({ onWarning: console.error })),
  )
  expect(rows).toHaveLength(60 + 40 + 40)
  expect(new Set(rows).size).toBe(rows.length)
})

test.describe('another tab', () => {
  test('deletes the database: the store gives way and goes on in a new one', async ({
    page,
    context,
    shop,
  }) => {
    await inTab(page, async ({ openStore, rowsOf, feed, space }) => {
      const warnings: string[] = []
      const store = await openStore({ onWarning: ({ code }) => warnings.push(code) })
      await store.putVectors(feed, space, rowsOf(['a'], 1))
      Object.assign(window, { store, warnings })
    })
    const other = await context.newPage()
    await openTab(other, shop)
    await inTab(other, ({ deleteRaw }) => deleteRaw('similar-items'))
    const seen = await inTab(page, async ({ contents, rowsOf, feed, space }) => {
      const { store, warnings } = window as unknown as { store: VectorStore; warnings: string[] }
      const after = await contents(store)
      await store.putVectors(feed, space, rowsOf(['b'], 2))
      return [after, await contents(store), store.kind, warnings]
    })
    expect(seen).toEqual([[], ['b picture-2 254,2'], 'indexeddb', []])
  })

  test('upgrades the database: the store gives way and keeps what this page wrote', async ({ page }) => {
    const seen = await inTab(page, async ({ openStore, openRaw, rowsOf, contents, feed, space }) => {
      const warnings: string[] = []
      const store = await openStore({ onWarning: ({ code }) => warnings.push(code) })
      await store.putVectors(feed, space, rowsOf(['a', 'b'], 1))
      await openRaw('similar-items', 3)
      await store.putVectors(feed, space, rowsOf(['b', 'c'], 2))
      await store.removeVectors(feed, space, ['a'])
      return [await contents(store), store.kind, warnings]
    })
    expect(seen).toEqual([['b picture-2 254,2', 'c picture-2 254,2'], 'memory', ['storage-unavailable']])
  })

  test('is in the way of an upgrade: it gives way, or the upgrade gives up', async ({ page }) => {
    const seen = await inTab(
      page,
      async ({ openStore, openRaw, openDatabase, upgradeSteps, rowsOf, feed, space }) => {
        const onLost = () => {}
        const nextRelease = [
          ...upgradeSteps,
          (database: unknown) => void (database as IDBDatabase).createObjectStore('new'),
        ]
        const store = await openStore({ name: 'yielding', onWarning: console.error })
        await store.putVectors(feed, space, rowsOf(['a'], 1))
        const upgraded = await openDatabase({ name: 'yielding', steps: nextRelease, onLost })
        const chunks = await upgraded.count('chunks')

        const obstinate = await openStore({ name: 'obstinate', onWarning: console.error })
        obstinate.close()
        const holder = await openRaw('obstinate')
        const failure = await openDatabase({ name: 'obstinate', steps: nextRelease, onLost }).catch(String)
        holder.close()
        return [upgraded.version, [...upgraded.objectStoreNames], chunks, failure]
      },
    )
    expect(seen).toEqual([
      3,
      ['answers', 'catalogs', 'chunks', 'collections', 'models', 'new'],
      1,
      expect.stringMatching(/TimeoutError: Another tab keeps an older version/),
    ])
  })
})

test('a kept list is gone with every change of what it was made of', async ({ page }) => {
  const seen = await inTab(page, async ({ IndexedDbStore, readKeptAnswer, rowsOf, feed, space }) => {
    const options = { name: 'kept', onWarning: console.error }
    const store = await IndexedDbStore.open(options)
    const catalog = { products: [], skipped: [], etag: null, lastModified: null }
    const identity = { space, checkedAt: 0 }
    const list = { hits: [], space, ranked: 0, total: 0, complete: true }
    const kept = async () => (await readKeptAnswer('kept', feed, 'like a?')) !== null
    const keep = async () => {
      const stamp = store.answers.stampOf(feed)
      if (stamp !== null) await store.answers.keep(feed, stamp, new Map([['like a?', list]]))
      return kept()
    }
    await store.saveModelIdentity('model', identity)
    await store.saveCatalog(feed, catalog)
    await store.putVectors(feed, space, rowsOf(['a', 'b'], 1))
    const before = [await kept(), await keep()]
    const changes = {
      'a catalogue is stored': () => store.saveCatalog(feed, catalog),
      'vectors are added': () => store.putVectors(feed, space, rowsOf(['c'], 1)),
      'vectors are removed': () => store.removeVectors(feed, space, ['a']),
    }
    const after: unknown[] = []
    for (const [what, change] of Object.entries(changes)) {
      await change()
      after.push([what, await kept(), await keep()])
    }
    await store.saveModelIdentity('model', { ...identity, checkedAt: 1 })
    const asked = await kept()
    await store.saveModelIdentity('model', { space: { ...space, fingerprint: 'another' }, checkedAt: 1 })
    const moved = [await kept(), await keep()]
    return { before, after, asked, moved }
  })
  expect(seen).toEqual({
    before: [false, true],
    after: [
      ['a catalogue is stored', false, true],
      ['vectors are added', false, true],
      ['vectors are removed', false, true],
    ],
    asked: true,
    // What the stamp stood for is gone.
    moved: [false, false],
  })
})

test('another catalogue with the same model takes no list away, and another model no later one', async ({
  page,
}) => {
  const seen = await inTab(page, async ({ IndexedDbStore, readKeptAnswer, rowsOf, feed, space }) => {
    const open = () => IndexedDbStore.open({ name: 'kept', onWarning: console.error })
    const list = { hits: [], space, ranked: 0, total: 0, complete: true }
    const kept = async () => (await readKeptAnswer('kept', feed, 'like a?')) !== null
    const identity = { space, checkedAt: 0, opened: { catalog: feed, space } }
    const store = await open()
    await store.saveModelIdentity('model', identity)
    await store.saveCatalog(feed, { products: [], skipped: [], etag: null, lastModified: null })
    await store.putVectors(feed, space, rowsOf(['a'], 1))
    await store.answers.keep(feed, String(store.answers.stampOf(feed)), new Map([['like a?', list]]))
    await store.saveModelIdentity('model', { ...identity, opened: { catalog: 'other', space } })
    const beside = await kept()
    await store.saveModelIdentity('another model', identity)
    const moved = await kept()
    const next = await open()
    await next.loadVectors(feed, space)
    await next.answers.keep(feed, String(next.answers.stampOf(feed)), new Map([['like a?', list]]))
    return [beside, moved, await kept()]
  })
  expect(seen).toEqual([true, false, true])
})

test('lists are kept beside what an earlier version of the package has stored, from the next visit on', async ({
  page,
}) => {
  const seen = await inTab(page, async (tab) => {
    const { IndexedDbStore, openRaw, readKeptAnswer, feed } = tab
    const open = () => IndexedDbStore.open({ name: 'kept', onWarning: console.error })
    const store = await open()
    await store.saveCatalog(feed, { products: [], skipped: [], etag: null, lastModified: null })
    store.close()
    const raw = await openRaw('kept')
    const emptied = raw.transaction('answers', 'readwrite')
    emptied.objectStore('answers').clear()
    await new Promise((done) => {
      emptied.oncomplete = done
    })
    raw.close()
    const stamps: (string | null)[] = []
    for (const visit of ['first', 'second']) {
      const later = await open()
      await later.loadCatalog(feed)
      const stamp = later.answers.stampOf(feed)
      stamps.push(stamp && visit)
      await later.answers.begin(feed)
      // A catalogue that is not stored gets none.
      await later.answers.begin('unknown')
      await later.loadCatalog('unknown')
      stamps.push(later.answers.stampOf('unknown'))
      later.close()
    }
    return [stamps, await readKeptAnswer('kept', feed, '')]
  })
  expect(seen).toEqual([[null, null, 'second', null], null])
})

test('kept lists make room for what matters more, and are none of a catalogue that is not stored', async ({
  page,
}) => {
  const seen = await inTab(page, async ({ IndexedDbStore, readKeptAnswer, rowsOf, feed, space }) => {
    const store = await IndexedDbStore.open({ name: 'kept', onWarning: console.error })
    const list = { hits: [], space, ranked: 0, total: 0, complete: true }
    const keep = async (catalog: string) => {
      await store.answers.keep(catalog, String(store.answers.stampOf(catalog)), new Map([['like a?', list]]))
      return (await readKeptAnswer('kept', catalog, 'like a?')) !== null
    }
    await store.saveCatalog(feed, { products: [], skipped: [], etag: null, lastModified: null })
    await store.putVectors('other', space, rowsOf(['a'], 1))
    const before = [await keep(feed), await keep('other')]
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = () => {
      IDBObjectStore.prototype.put = put
      throw new DOMException('full', 'QuotaExceededError')
    }
    await store.putVectors('other', space, rowsOf(['b'], 1))
    return [before, await readKeptAnswer('kept', feed, 'like a?'), await keep(feed)]
  })
  expect(seen).toEqual([[true, false], null, true])
})

test('who has not read all that is stored keeps no list', async ({ page }) => {
  const seen = await inTab(page, async (tab) => {
    const { IndexedDbStore, openRaw, readKeptAnswer, rowsOf, feed, space } = tab
    const options = { name: 'kept', onWarning: console.error }
    const [store, other] = [await IndexedDbStore.open(options), await IndexedDbStore.open(options)]
    await store.saveCatalog(feed, { products: [], skipped: [], etag: null, lastModified: null })
    await store.putVectors(feed, space, rowsOf(['a'], 1))
    const stamp = String(store.answers.stampOf(feed))
    const [unread] = [other.answers.stampOf(feed), await other.loadVectors(feed, space)]
    const read = other.answers.stampOf(feed)
    await other.putVectors(feed, space, rowsOf(['b'], 1))
    const list = { hits: [], space, ranked: 0, total: 0, complete: true }
    await store.answers.keep(feed, stamp, new Map([['like a?', list]]))
    const late = await readKeptAnswer('kept', feed, 'like a?')
    await store.putVectors(feed, space, rowsOf(['c'], 1))
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name)
    const nowhere = await readKeptAnswer('never made', feed, 'like a?')
    const raw = await openRaw('kept')
    const broken = { hits: [null], space, complete: true }
    raw.transaction('answers', 'readwrite').objectStore('answers').put(broken, [feed, 'like b?'])
    raw.close()
    return [
      unread,
      read === stamp,
      late,
      store.answers.stampOf(feed),
      nowhere,
      await readKeptAnswer('kept', feed, 'like b?'),
      (await databases()).includes('never made'),
    ]
  })
  expect(seen).toEqual([null, true, null, null, null, null, false])
})
