import { readdirSync, readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { decodeToSrgb } from '../../../src/encoder/decode/heic/srgb-pixels.js'
import {
  documentedDecoder,
  heicFile,
  libheifScript,
  loadDocumentedDecoder,
  turnedHeic,
} from '../../fixtures/heic-files.js'
import { openPixelsPage } from '../encoder/pixels-page.js'
import { writeTurnedPictures } from '../encoder/turned-pictures.js'
import { openEngine } from '../engine/engine-page.js'
import { expect, type Shop, strictPolicy, test } from '../harness.js'
import { choose, found, openPhotoSearch, searched } from './photo-search-page.js'

const script = { 'content-type': 'text/javascript' }
const decoderPath = '/heic/decoder.js'
const file = (bytes: Uint8Array, name = 'IMG_0001.HEIC', mimeType = 'image/heic') => ({
  name,
  mimeType,
  buffer: Buffer.from(bytes),
})

/** Serves the documented decoder. */
function installDecoder(shop: Shop): void {
  shop.write('/heic/libheif-bundle.mjs', libheifScript(), script)
  shop.write(decoderPath, documentedDecoder(), script)
}

/** The package's scripts, sent with a policy of their own, which is the one that a worker works under. */
function writeStrictScripts(shop: Shop): string {
  const dist = new URL('../../../dist/', import.meta.url)
  for (const name of readdirSync(dist).filter((name) => name.endsWith('.js'))) {
    shop.write(`/strict/${name}`, readFileSync(new URL(name, dist)), {
      ...script,
      'content-security-policy': strictPolicy,
    })
  }
  return '/strict/'
}

async function openShop(
  page: Page,
  shop: Shop,
  options: { assets?: string; csp?: boolean } = {},
): Promise<void> {
  shop.photoCatalog(2)
  const { csp = false, ...more } = options
  await page.goto(
    shop.page('<input type="file"><script src="/dist/index.js" type="module"></script>', { csp }),
  )
  await openEngine(page, { heicDecoder: decoderPath, backend: 'auto', ...more })
}

interface Seen {
  readonly size: readonly [number, number]
  readonly rgba: readonly number[]
}

/** What the engine makes of a file: its pixels, or the error. */
async function preview(
  page: Page,
  upload: ReturnType<typeof file>,
): Promise<Seen | { code: string; message: string }> {
  await page.setInputFiles('input', upload)
  return page.evaluate(async () => {
    const [chosen] = (document.querySelector('input') as HTMLInputElement).files ?? []
    try {
      const bitmap = await window.engine.preview(chosen as File)
      const { width, height } = bitmap
      const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D
      context.drawImage(bitmap, 0, 0)
      return { size: [width, height] as const, rgba: [...context.getImageData(0, 0, width, height).data] }
    } catch (error) {
      const { code, message } = error as Error & { code: string }
      return { code, message }
    }
  })
}

test('HEIC photos are decoded as libheif does it, in worker and page under the strict policy, and nothing is loaded before', async ({
  page,
  shop,
}) => {
  installDecoder(shop)
  await openShop(page, shop, { csp: true, assets: writeStrictScripts(shop) })
  const jpeg = readFileSync(
    new URL('../../fixtures/reference/orientation/orientation-6.jpg', import.meta.url),
  )
  expect(await preview(page, file(jpeg))).toMatchObject({ size: [96, 64] })
  expect(await preview(page, file(heicFile('avif-named.heic')))).toMatchObject({ size: [96, 64] })
  expect(shop.requests(/\/heic\/|heic-thread/)).toEqual([])

  const libheif = await loadDocumentedDecoder()
  const { signal } = new AbortController()
  const options = { enoughPixels: Number.POSITIVE_INFINITY, opaque: true, signal }
  const files = {
    upright: heicFile('upright.heic'),
    turned: turnedHeic(heicFile('upright.heic'), { quarters: 3, mirrored: 'left to right' }),
    exif: heicFile('exif-orientation-6.heic'),
    p3: heicFile('display-p3.heic'),
  }
  for (const [name, bytes] of Object.entries(files)) {
    const expected = await decodeToSrgb(libheif, bytes, options)
    const seen = await preview(page, file(bytes, 'photo.jpg', 'image/jpeg'))
    expect(seen, name).toEqual({ size: [expected.width, expected.height], rgba: [...expected.data] })
  }
  const onWhite = await preview(page, file(heicFile('transparent.heic')))
  expect('rgba' in onWhite && onWhite.rgba.slice(0, 3).every((byte) => byte > 245)).toBe(true)
})

test('what is wrong with a photo or a decoder is said, and the next photo tries again', async ({
  page,
  shop,
}) => {
  await openShop(page, shop)
  const large = Buffer.from(heicFile('upright.heic'))
  const size = large.indexOf('ispe') + 8
  large.writeUInt32BE(9000, size)
  large.writeUInt32BE(8000, size + 4)
  expect(await preview(page, file(large))).toMatchObject({
    code: 'image-too-large',
    message: expect.stringContaining('64 megapixels'),
  })
  expect(shop.requests(/\/heic\/|heic-thread/)).toEqual([])

  const photo = file(heicFile('upright.heic'))
  shop.allowErrors(/./)
  const failures: Record<string, [module: string | null, type: string, says: RegExp]> = {
    'is not there': [null, '', /decoder\.js does not work/],
    'is a web page': ['<!doctype html><p>Not found', 'text/html', /sent as JavaScript/],
    'is no script': ['export const decode = (', 'text/javascript', /SyntaxError/],
    'exports nothing': ['export default 1', 'text/javascript', /no function named decode/],
    'returns nothing': ['export const decode = () => {}', 'text/javascript', /four bytes a pixel/],
    'may not compile': [
      'export const decode = () => { throw new WebAssembly.CompileError("refused by Content Security Policy") }',
      'text/javascript',
      /CompileError/,
    ],
  }
  for (const [name, [module, type, says]] of Object.entries(failures)) {
    if (module !== null)
      shop.write(decoderPath, module, { 'content-type': type, 'cache-control': 'no-store' })
    const failure = await preview(page, photo)
    expect(failure, name).toMatchObject({ code: 'decoder-failed', message: expect.stringMatching(says) })
    expect(failure, name).toMatchObject({ message: expect.stringContaining(shop.url(decoderPath)) })
  }
  const throws = {
    'at once': 'export const decode = () => { throw new Error("of no kind that I know") }',
    later: 'export const decode = async () => { throw new Error("of no kind that I know") }',
    'where nobody waits':
      'export const decode = () => { setTimeout(async () => { throw new Error("of no kind that I know") }); return new Promise(() => {}) }',
  }
  for (const [name, module] of Object.entries(throws)) {
    shop.write(decoderPath, module, { ...script, 'cache-control': 'no-store' })
    const failure = await preview(page, photo)
    expect(failure, name).toMatchObject({
      code: 'image-undecodable',
      message: expect.stringContaining('of no kind'),
    })
  }
  installDecoder(shop)
  expect(await preview(page, photo)).toMatchObject({ size: [96, 64] })
  const damaged = heicFile('upright.heic').subarray(0, 3000)
  expect(await preview(page, file(damaged))).toMatchObject({ code: 'image-undecodable' })
})

test('a decoder that hangs ends with its question, or after a while, and the engine goes on', async ({
  page,
  shop,
}) => {
  await openShop(page, shop)
  await page.setInputFiles('input', file(heicFile('upright.heic')))
  for (const hang of ['for (;;);', 'return new Promise(() => {})']) {
    shop.write(decoderPath, `export function decode() { fetch('/heic/begun'); ${hang} }`, {
      ...script,
      'cache-control': 'no-store',
    })
    const ended = await page.evaluate(async (begun) => {
      const [chosen] = (document.querySelector('input') as HTMLInputElement).files ?? []
      const controller = new AbortController()
      const asking = window.engine.preview(chosen as File, { signal: controller.signal })
      // The module is at work as soon as it can be asked for.
      await fetch(begun, { method: 'HEAD' })
      setTimeout(() => controller.abort(), 300)
      return asking.then(
        () => 'decoded',
        (error: Error) => error.name,
      )
    }, decoderPath)
    expect(ended).toBe('AbortError')
  }
  const jpeg = readFileSync(
    new URL('../../fixtures/reference/orientation/orientation-6.jpg', import.meta.url),
  )
  expect(await preview(page, file(jpeg))).toMatchObject({ size: [96, 64] })

  const ask = await openPixelsPage(page, shop)
  const message = await ask(
    async ({ decodeHeic, startThread }, { bytes, module }) => {
      const header = { format: 'heic', width: 96, height: 64, transparency: false } as const
      const options = { name: undefined, enoughPixels: 1e9, signal: undefined, patience: 1 }
      const decoding = decodeHeic(Uint8Array.from(bytes), header, { module, startThread }, options)
      return decoding.then(String, (error: Error & { code: string }) => `${error.code} ${error.message}`)
    },
    {
      bytes: [...heicFile('upright.heic')],
      module: shop.url(decoderPath),
    },
  )
  expect(message).toMatch(/^decoder-failed .*did not decode the photo within 1 seconds/)
})

test('a script for HEIC photos that does not come keeps no other photo waiting, and is asked for again', async ({
  page,
  shop,
}) => {
  installDecoder(shop)
  await openShop(page, shop)
  const hanging = shop.fault(/decode-heic/, { kind: 'hang' })
  await page.setInputFiles('input', file(heicFile('upright.heic')))
  const ended = page.evaluate(() => {
    const [chosen] = (document.querySelector('input') as HTMLInputElement).files ?? []
    const controller = new AbortController()
    document.addEventListener('give-up', () => controller.abort())
    const asking = window.engine.preview(chosen as File, { signal: controller.signal })
    return asking.catch((error: Error) => error.name)
  })
  await expect.poll(() => shop.requests(/decode-heic/).length).toBeGreaterThan(0)
  await page.evaluate(() => document.dispatchEvent(new Event('give-up')))
  expect(await ended).toBe('AbortError')
  const jpeg = readFileSync(
    new URL('../../fixtures/reference/orientation/orientation-6.jpg', import.meta.url),
  )
  expect(await preview(page, file(jpeg))).toMatchObject({ size: [96, 64] })
  hanging.remove()
  // Another worker asks for it anew.
  await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(0)
  expect(await preview(page, file(heicFile('upright.heic')))).toMatchObject({ size: [96, 64] })
})

const entryWith = (attributes: string) =>
  `<similar-items catalog="/catalog.json" item="sku-01" loading="eager" photo-search ${attributes}></similar-items>`
const photoOf = (page: Page) => page.locator('[part="photo"] [role="img"]')

test('the panel shows a HEIC photo upright and searches with it, decoding it once', async ({
  page,
  shop,
}) => {
  installDecoder(shop)
  shop.write('/heic/decoded', '')
  const counting = `import { decode as libheif } from './decoder.js'
export async function decode(...given) { await fetch('/heic/decoded', { cache: 'no-store' }); return libheif(...given) }`
  shop.write('/heic/counting.js', counting, script)
  await openPhotoSearch(page, shop, {
    count: 3,
    body: entryWith('min-score="-1" heic-decoder="/heic/counting.js"'),
  })
  const turned = turnedHeic(heicFile('upright.heic'), { quarters: 1, mirrored: 'none' })
  await choose(page, file(turned))
  await searched(page)
  await expect(found(page).first()).toBeVisible()
  await expect(photoOf(page)).toHaveJSProperty('tagName', 'CANVAS')
  await expect(photoOf(page)).toHaveJSProperty('width', 64)
  await expect(photoOf(page)).toHaveJSProperty('height', 96)
  expect(shop.requests('/heic/decoded')).toHaveLength(1)
  await page.getByRole('button', { name: 'Back' }).click()
  await expect(page.locator('.recent canvas')).toBeVisible()
})

test('the panel says what to do with a HEIC photo where no decoder helps', async ({ page, shop }) => {
  shop.allowErrors(/decoder-failed|no-decoder|404/)
  const says = page.getByText('This browser cannot open HEIC photos. Save it as JPEG, or use Safari.')
  await openPhotoSearch(page, shop, { count: 2, body: entryWith('') })
  await choose(page, file(heicFile('upright.heic')))
  await expect(says).toBeVisible({ timeout: 60_000 })
  const reported = page.evaluate(() => {
    document.querySelector('similar-items')?.setAttribute('heic-decoder', '/heic/no-decoder.js')
    return new Promise((resolve) =>
      document.addEventListener('si-error', (event) => resolve(event.error.code)),
    )
  })
  await choose(page, file(heicFile('upright.heic')))
  expect(await reported).toBe('decoder-failed')
  await expect(says).toBeVisible()
})

test('the panel shows pictures at an address as the encoder sees them, where the browser does not turn them', async ({
  page,
  shop,
}) => {
  const paths = await writeTurnedPictures(shop)
  await openPhotoSearch(page, shop, { count: 2 })
  for (const path of ['/turned/1.webp', '/turned/6.webp']) {
    expect(paths).toContain(path)
    await page.locator('similar-items').evaluate((element, url) => {
      return (element as HTMLElementTagNameMap['similar-items']).openPhotoSearch(url)
    }, path)
    await searched(page)
    const difference = () =>
      photoOf(page).evaluate(async (shown) => {
        const upright = new Image()
        upright.src = '/reference/orientation/upright.png'
        await upright.decode()
        const read = (image: CanvasImageSource) => {
          const context = new OffscreenCanvas(96, 64).getContext('2d') as OffscreenCanvasRenderingContext2D
          context.drawImage(image, 0, 0)
          return context.getImageData(0, 0, 96, 64).data
        }
        const [a, b] = [read(shown as HTMLImageElement), read(upright)]
        return a.reduce((sum, byte, index) => sum + Math.abs(byte - (b[index] as number)), 0) / a.length
      })
    await expect.poll(difference, { message: path }).toBeLessThan(1)
  }
})
