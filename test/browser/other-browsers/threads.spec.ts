import { documentedDecoder, heicFile, libheifScript } from '../../fixtures/heic-files.js'
import { openEngine } from './engine-page.js'
import { expect, openPage, type Shop, type Tab, test } from './harness.js'

// A worker of Firefox 153 that starts another one may hang on pages that are isolated: the page starts them for it.

/** Opens an isolated page. @returns whether its threads share memory, which those of WebKitGTK do not. */
async function openIsolated(tab: Tab, shop: Shop): Promise<boolean> {
  shop.photoCatalog(1)
  await openPage(tab, shop, '', { isolate: true })
  return tab.evaluate(() => crossOriginIsolated && 'SharedArrayBuffer' in window)
}

test('on an isolated page the kernel has threads, and computes the same bits as alone', async ({
  tab,
  shop,
}) => {
  const wanted = (await openIsolated(tab, shop)) ? 2 : 1
  const embed = (threads: number) =>
    tab.evaluate(
      async ({ photos, threads }) => {
        const { engine } = window
        const vectors: number[][] = []
        for (const photo of photos) {
          vectors.push([...(await engine.embed(`/photos/${photo}`)).vector])
          // The first one does not wait for them.
          for (let waits = 0; engine.status.threads !== threads && waits < 300; waits++)
            await new Promise((resolve) => setTimeout(resolve, 100))
        }
        const { status } = engine
        await engine.close()
        return { vectors, threads: status.threads, warnings: status.warnings }
      },
      { photos: shop.photos.slice(0, 3), threads },
    )
  await openEngine(tab, { threads: wanted })
  const together = await embed(wanted)
  expect(together).toMatchObject({ threads: wanted, warnings: [] })
  await openEngine(tab, { threads: 1 })
  expect((await embed(1)).vectors).toEqual(together.vectors)
})

test('on an isolated page each HEIC photo has a thread of its own', async ({ tab, shop }) => {
  await openIsolated(tab, shop)
  const script = { 'content-type': 'text/javascript' }
  shop.write('/heic/libheif-bundle.mjs', libheifScript(), script)
  shop.write('/heic/decoder.js', documentedDecoder(), script)
  await openEngine(tab, { heicDecoder: '/heic/decoder.js' })
  const sizes = await tab.evaluate(
    async ({ bytes, photos }) => {
      const file = new Blob([Uint8Array.from(bytes)], { type: 'image/heic' })
      const sizes: string[] = []
      for (let photo = 0; photo < photos; photo++) {
        const { width, height } = await window.engine.preview(file)
        sizes.push(`${width} x ${height}`)
      }
      return sizes
    },
    { bytes: [...heicFile('upright.heic')], photos: 8 },
  )
  expect(sizes).toEqual(Array(8).fill('96 x 64'))
})
