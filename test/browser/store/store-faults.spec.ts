import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VectorStore } from '../../../src/store/vector-store.js'
import { expect, test } from '../harness.js'
import { inTab, openTab, type StoreModule } from './store-tab.js'

test.beforeEach(({ page, shop }) => openTab(page, shop))

test.describe('in memory, after one warning, where the database', () => {
  const openings: [string, (module: typeof StoreModule) => Promise<unknown>, RegExp][] = [
    [
      'is of a newer version',
      ({ openRaw }) => openRaw('similar-items', 99).then((db) => db.close()),
      /newer version/,
    ],
    [
      'has another layout',
      ({ openRaw }) =>
        openRaw('similar-items', 1, (db) => db.createObjectStore('chunks')).then((db) => db.close()),
      /no object store "collections,catalogs,models"/,
    ],
    [
      'does not open',
      async ({ openRaw, deleteRaw }) => {
        // A deletion that waits for a connection holds up every opening.
        Object.assign(window, { holder: await openRaw('similar-items') })
        void deleteRaw('similar-items')
      },
      /does not open/,
    ],
  ]
  for (const [name, prepare, sentence] of openings) {
    test(name, async ({ page }) => {
      await inTab(page, prepare)
      const seen = await inTab(page, async ({ openStore, rowsOf, contents, feed, space }) => {
        const warnings: { code: string; message: string }[] = []
        const store = await openStore({ onWarning: ({ code, message }) => warnings.push({ code, message }) })
        await store.putVectors(feed, space, rowsOf(['a'], 1))
        return { kind: store.kind, rows: await contents(store), warnings }
      })
      expect(seen).toEqual({
        kind: 'memory',
        rows: ['a picture-1 127,1'],
        warnings: [{ code: 'storage-unavailable', message: expect.stringMatching(sentence) }],
      })
    })
  }

  test('is denied to a sandboxed frame', async ({ page, shop }) => {
    shop.cdn.cors = true
    const module = shop.cdn.origin + (await shop.entry('store'))
    const script = `
      import { openStore } from '${module}'
      const warnings = []
      const store = await openStore({ onWarning: ({ code, message }) => warnings.push(code + ': ' + message) })
      document.body.textContent = store.kind + ' ' + warnings.join()`
    await page.setContent(`<iframe sandbox="allow-scripts"></iframe>`)
    await page.locator('iframe').evaluate((frame, html) => {
      ;(frame as HTMLIFrameElement).srcdoc = html
    }, `<body><script type="module">${script}</script>`)
    await expect(page.frameLocator('iframe').locator('body')).toHaveText(
      /^memory storage-unavailable: .*denies this page storage/,
    )
  })
})

test('an aborted opening rejects with the reason and leaves no connection', async ({ page }) => {
  const seen = await inTab(page, async ({ openStore, deleteRaw }) => {
    const controller = new AbortController()
    const opening = openStore({ onWarning: console.error, signal: controller.signal })
    controller.abort(new Error('the page is gone'))
    const failure = await opening.catch((error: Error) => error.message)
    await deleteRaw('similar-items')
    return failure
  })
  expect(seen).toBe('the page is gone')
})

test('damaged records are dropped and reported, all others stay', async ({ page }) => {
  const seen = await inTab(page, async (module) => {
    const { openStore, rewriteRaw, keysRaw, rowsOf, idsFrom, contents, feed, space } = module
    const warnings: { code: string; message: string }[] = []
    const onWarning = ({ code, message }: { code: string; message: string }) =>
      warnings.push({ code, message })
    const store = await openStore({ onWarning })
    await store.putVectors(feed, space, rowsOf(idsFrom(0, 4096 * 5 + 1), 1))
    await store.saveCatalog(feed, { products: [], skipped: [], etag: null, lastModified: null })
    const damages = [
      (chunk: Record<string, unknown>) => ({ ...chunk, vectors: (chunk.vectors as ArrayBuffer).slice(1) }),
      (chunk: Record<string, unknown>) => ({
        ...chunk,
        scales: new Float32Array(4096).fill(Number.NaN).buffer,
      }),
      (chunk: Record<string, unknown>) => ({ ...chunk, ids: [7] }),
      () => 'not a record',
      (chunk: Record<string, unknown>) => ({ ...chunk, format: 'int4' }),
    ]
    await rewriteRaw('similar-items', 'chunks', (chunk, key) => damages[key[2]]?.(chunk) ?? chunk)
    await rewriteRaw('similar-items', 'catalogs', () => ({ products: 'none' }))
    const rows = await contents(store)
    const again = await contents(store)
    await store.putVectors(feed, space, rowsOf(['p0'], 2))
    return {
      rows,
      again,
      catalog: (await store.loadCatalog(feed)) ?? null,
      after: await contents(store),
      chunks: (await keysRaw('similar-items', 'chunks')).length,
      warnings,
      kind: store.kind,
    }
  })
  expect(seen).toEqual({
    rows: ['p20480 picture-1 127,1'],
    again: ['p20480 picture-1 127,1'],
    catalog: null,
    after: ['p0 picture-2 254,2', 'p20480 picture-1 127,1'],
    chunks: 1,
    warnings: [
      { code: 'storage-corrupt', message: expect.stringContaining('5 of 6 chunks') },
      { code: 'storage-corrupt', message: expect.stringContaining('"catalogs"') },
    ],
    kind: 'indexeddb',
  })
})

test('a write onto a damaged chunk loses nothing of its own', async ({ page }) => {
  const seen = await inTab(page, async ({ openStore, rewriteRaw, rowsOf, contents, feed, space }) => {
    const warnings: string[] = []
    const store = await openStore({ onWarning: ({ code }) => warnings.push(code) })
    await store.putVectors(feed, space, rowsOf(['a', 'b'], 1))
    await rewriteRaw('similar-items', 'chunks', (chunk) => ({ ...chunk, ids: ['a'] }))
    await store.putVectors(feed, space, rowsOf(['b', 'c'], 2))
    return [await contents(store), warnings]
  })
  expect(seen).toEqual([['b picture-2 254,2', 'c picture-2 254,2'], ['storage-corrupt']])
})

test('a connection that the browser terminates is opened again', async ({ page, context, shop }) => {
  await inTab(page, async ({ openStore, rowsOf, feed, space }) => {
    const warnings: string[] = []
    const store = await openStore({ onWarning: ({ code }) => warnings.push(code) })
    await store.putVectors(feed, space, rowsOf(['a'], 1))
    Object.assign(window, { store, warnings })
  })
  const devtools = await context.newCDPSession(page)
  await devtools.send('Storage.clearDataForOrigin', { origin: shop.origin, storageTypes: 'indexeddb' })
  const seen = await inTab(page, async ({ rowsOf, contents, feed, space }) => {
    const { store, warnings } = window as unknown as { store: VectorStore; warnings: string[] }
    await store.putVectors(feed, space, rowsOf(['b'], 2))
    return [await contents(store), store.kind, warnings]
  })
  expect(seen).toEqual([['b picture-2 254,2'], 'indexeddb', []])
})

test('a connection that is closed without a word is opened again', async ({ page }) => {
  const seen = await inTab(page, async ({ openStore, captureConnections, rowsOf, contents, feed, space }) => {
    const warnings: string[] = []
    const closeAll = captureConnections()
    const store = await openStore({ onWarning: ({ code }) => warnings.push(code) })
    await store.putVectors(feed, space, rowsOf(['a'], 1))
    closeAll()
    const read = await contents(store)
    closeAll()
    // Two at once: both find the connection closed, one opens it.
    await Promise.all(['b', 'c'].map((id) => store.putVectors(feed, space, rowsOf([id], 2))))
    return [read, await contents(store), store.kind, warnings]
  })
  expect(seen).toEqual([
    ['a picture-1 127,1'],
    ['a picture-1 127,1', 'b picture-2 254,2', 'c picture-2 254,2'],
    'indexeddb',
    [],
  ])
})

test('records whose files the browser has lost are dropped, all others stay', async ({
  playwright,
  launchOptions,
  shop,
}) => {
  const profile = mkdtempSync(join(tmpdir(), 'similar-items-'))
  const visit = async <Result>(run: (module: typeof StoreModule) => Promise<Result>) => {
    const context = await playwright.chromium.launchPersistentContext(profile, launchOptions)
    const page = await context.newPage()
    await openTab(page, shop)
    const result = await inTab(page, run)
    await context.close()
    return result
  }
  try {
    await visit(async ({ openStore, bulkyRows, bulkySpace, idsFrom, feed }) => {
      const store = await openStore({ onWarning: console.error })
      const text = Array.from(crypto.getRandomValues(new Uint32Array(16_000))).join()
      const product = { id: '1', title: text, image_link: 'https://shop.example/1.jpg' }
      await store.saveCatalog(feed, { products: [product], skipped: [], etag: null, lastModified: null })
      await store.putVectors(feed, bulkySpace, bulkyRows(idsFrom(0, 4096 + 100)))
    })
    const files = readdirSync(profile, { recursive: true, encoding: 'utf8' })
    const values = files.filter(
      (file) => /\.blob.[^.]*$/.test(file) && statSync(join(profile, file)).isFile(),
    )
    const bySize = values.sort((a, b) => statSync(join(profile, b)).size - statSync(join(profile, a)).size)
    expect(bySize).toHaveLength(3)
    // The largest is the full chunk, then comes the catalogue.
    for (const file of bySize.slice(0, 2)) rmSync(join(profile, file))

    const seen = await visit(async ({ openStore, bulkyRows, bulkySpace, idsFrom, contents, feed }) => {
      const warnings: string[] = []
      const store = await openStore({
        onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
      })
      const catalog = (await store.loadCatalog(feed)) !== undefined
      const rows = (await contents(store, feed, bulkySpace)).length
      await store.putVectors(feed, bulkySpace, bulkyRows(idsFrom(0, 10)))
      return {
        catalog,
        rows,
        after: (await contents(store, feed, bulkySpace)).length,
        kind: store.kind,
        warnings,
      }
    })
    expect(seen).toEqual({
      catalog: false,
      rows: 100,
      after: 110,
      kind: 'indexeddb',
      warnings: [
        expect.stringMatching(/^storage-corrupt: .*"catalogs" cannot be read/),
        expect.stringMatching(/^storage-corrupt: .*1 of 2 chunks/),
      ],
    })
  } finally {
    rmSync(profile, { recursive: true, force: true })
  }
})

test.describe('when the quota is used up', () => {
  test('the store goes on in memory, with what this page read and wrote', async ({ page, shop }) => {
    await inTab(page, async ({ openStore, limitStorage, bulkyRows, bulkySpace, idsFrom, feed }) => {
      await limitStorage(8_000_000)
      const store = await openStore({ onWarning: console.error })
      await store.putVectors(feed, bulkySpace, bulkyRows(idsFrom(0, 4000)))
    })
    await openTab(page, shop)
    const seen = await inTab(page, async (module) => {
      const { openStore, limitStorage, bulkyRows, bulkySpace, idsFrom, contents, feed } = module
      await limitStorage(8_000_000)
      const warnings: string[] = []
      const store = await openStore({
        onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
      })
      const loaded = await contents(store, feed, bulkySpace)
      const kinds: string[] = []
      for (let from = 4000; from < 14_000; from += 1000) {
        await store.putVectors(feed, bulkySpace, bulkyRows(idsFrom(from, from + 1000)))
        kinds.push(store.kind)
      }
      await store.removeVectors(feed, bulkySpace, idsFrom(13_000, 14_000))
      const rows = new Set(await contents(store, feed, bulkySpace))
      const kept = loaded.filter((row) => rows.has(row)).length
      return { first: kinds[0], last: kinds.at(-1), rows: rows.size, kept, warnings }
    })
    expect(seen).toEqual({
      first: 'indexeddb',
      last: 'memory',
      rows: 13_000,
      kept: 4000,
      warnings: [expect.stringMatching(/^storage-unavailable: .*grants this site no more storage/)],
    })
  })

  test('what no page has used for 30 days makes room first', async ({ page }) => {
    const isRoomGiven = await inTab(page, ({ givesRoomBack }) => givesRoomBack())
    test.skip(!isRoomGiven, 'this browser counts removed records until it tidies up by itself')
    const seen = await inTab(page, async (module) => {
      const { openStore, limitStorage, rewriteRaw, keysRaw, bulkyRows, bulkySpace, idsFrom, contents } =
        module
      await limitStorage(12_000_000)
      const store = await openStore({ onWarning: console.error })
      const catalog = { products: [], skipped: [], etag: null, lastModified: null }
      for (const name of ['old', 'loaded', 'recent']) {
        await store.saveCatalog(name, catalog)
        await store.putVectors(name, bulkySpace, bulkyRows(idsFrom(0, name === 'old' ? 6000 : 500)))
      }
      const monthAgo = Date.now() - 31 * 24 * 60 * 60 * 1000
      await rewriteRaw('similar-items', 'collections', (collection, [name]) =>
        name === 'recent' ? collection : { ...collection, usedAt: monthAgo },
      )
      await rewriteRaw('similar-items', 'catalogs', (catalog) => ({ ...catalog, storedAt: monthAgo }))
      await store.loadVectors('loaded', bulkySpace)
      for (let from = 0; from < 8000; from += 1000) {
        await store.putVectors('new', bulkySpace, bulkyRows(idsFrom(from, from + 1000)))
      }
      return {
        kind: store.kind,
        collections: (await keysRaw('similar-items', 'collections')).map((key) => (key as string[])[0]),
        chunks: (await keysRaw('similar-items', 'chunks')).map((key) => (key as string[])[0]),
        catalogs: await keysRaw('similar-items', 'catalogs'),
        rows: (await contents(store, 'new', bulkySpace)).length,
      }
    })
    expect(seen).toEqual({
      kind: 'indexeddb',
      collections: ['loaded', 'new', 'recent'],
      chunks: ['loaded', 'new', 'new', 'recent'],
      catalogs: ['loaded', 'recent'],
      rows: 8000,
    })
  })
})

test('10 000 vectors of 192 components: the time it takes', async ({ page }) => {
  const report = await inTab(page, async ({ openStore, idsFrom, spaceOf }) => {
    const space = spaceOf('timed', 192)
    const store = await openStore({ onWarning: console.error })
    const rows = (ids: string[]) => ({
      entries: ids.map((id) => ({ id, contentKey: `https://shop.example/${id}.jpg` })),
      vectors: {
        format: 'int8' as const,
        dimensions: 192,
        count: ids.length,
        data: new Int8Array(ids.length * 192).map((_, index) => index * 31),
        scales: new Float32Array(ids.length).fill(1),
      },
    })
    const time = async (work: () => Promise<unknown>) => {
      const start = performance.now()
      await work()
      return performance.now() - start
    }
    const write = await time(() => store.putVectors('feed', space, rows(idsFrom(0, 10_000))))
    const singles: number[] = []
    for (const id of idsFrom(10_000, 10_100)) {
      singles.push(await time(() => store.putVectors('feed', space, rows([id]))))
    }
    const loads: number[] = []
    for (let run = 0; run < 5; run++) loads.push(await time(() => store.loadVectors('feed', space)))
    const count = (await store.loadVectors('feed', space)).flatMap(({ entries }) => entries).length
    const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1]
    return { count, write, load: median(loads), single: median(singles), worstSingle: singles.at(-1) }
  })
  console.log('milliseconds', report)
  expect(report.count).toBe(10_100)
})
