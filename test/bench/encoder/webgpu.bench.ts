import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'
import { loadPackage, modelPath } from '../../browser/engine/engine-page.js'
import { type Shop, test } from '../../browser/harness.js'
import config from '../../browser/playwright.config.js'
import { inNewProfile } from '../page/new-profile.js'
import { publish, type Row } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'

const { launchOptions } = config.use ?? {}
// A Chromium without a window looks for no GPU of its own accord.
const gpuFlags = [
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--disable-vulkan-surface',
]
test.use({ launchOptions: { ...launchOptions, args: [...(launchOptions?.args ?? []), ...gpuFlags] } })

const profiles = 3
const backends = ['webgpu', 'kernel', 'wasm'] as const
type Backend = (typeof backends)[number]

const golden = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../fixtures/reference/golden.json', import.meta.url)), 'utf8'),
) as { images: Record<string, { embedding: number[] }> }

/** What one visit of a new profile took, in milliseconds. */
interface Visit {
  /** From opening the engine to the vector of a photo. */
  readonly first: number
  /** From there to a complete catalogue of 54 products. */
  readonly catalogue: number
  readonly modelFile: string | null
  /** Median of all pictures. */
  readonly inference: number
  /** Of each photo, once more. */
  readonly photos: readonly { readonly whole: number; readonly cosine: number }[]
}

test('WebGPU on a hardware adapter against the kernel and ONNX Runtime on WASM', async ({
  browser,
  shop,
}) => {
  test.setTimeout(15 * 60_000)
  shop.photoCatalog()
  const adapter = await inNewProfile(browser, (page) => describeAdapter(page, shop))
  test.skip(
    adapter === null || (adapter.isSoftware && process.env.WEBGPU !== 'software'),
    'this browser has no WebGPU adapter in hardware',
  )
  const visits: Record<Backend, Visit[]> = { webgpu: [], kernel: [], wasm: [] }
  const second: Record<Backend, number[]> = { webgpu: [], kernel: [], wasm: [] }
  for (let round = 0; round < profiles; round++) {
    for (const backend of backends) {
      await inNewProfile(browser, async (page) => {
        visits[backend].push(await visit(page, shop, backend))
        second[backend].push((await visit(page, shop, backend)).first)
      })
    }
  }
  const rows = backends.flatMap((backend): Row[] => {
    const of = visits[backend]
    const photos = of.flatMap((each) => each.photos)
    const cosines = photos.map(({ cosine }) => cosine)
    const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length
    return [
      { what: `${backend}: weights`, value: of[0]?.modelFile?.split('/').at(-1) ?? 'none' },
      { what: `${backend}: open to first vector, cold`, value: medianOf(of.map(({ first }) => first)) },
      { what: `${backend}: open to first vector, second visit`, value: medianOf(second[backend]) },
      {
        what: `${backend}: then to all 54 products, cold`,
        value: medianOf(of.map(({ catalogue }) => catalogue)),
      },
      { what: `${backend}: one photo, inference`, value: medianOf(of.map(({ inference }) => inference)) },
      { what: `${backend}: one photo, blob to vector`, value: medianOf(photos.map(({ whole }) => whole)) },
      {
        what: `${backend}: cosine to transformers over 54 photos, worst / mean`,
        value: `${Math.min(...cosines).toFixed(6)} / ${mean.toFixed(6)}`,
      },
    ]
  })
  publish(
    'webgpu',
    [{ what: 'adapter', value: adapter?.text ?? '' }, ...rows],
    { visits, second },
    `Chromium ${browser.version()}`,
  )
})

function medianOf(values: readonly number[]): string {
  return milliseconds(median(values))
}

async function describeAdapter(
  page: Page,
  shop: Shop,
): Promise<{ text: string; isSoftware: boolean } | null> {
  await page.goto(shop.page(''))
  return page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter()
    if (!adapter) return null
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
    const half = adapter.features.has('shader-f16') ? 'shader-f16' : 'no shader-f16'
    const text = [vendor, architecture, device, description, half].filter(Boolean).join(', ')
    return { text, isSoftware: Boolean(isFallbackAdapter) || /swiftshader|llvmpipe/i.test(text) }
  })
}

async function visit(page: Page, shop: Shop, backend: Backend): Promise<Visit> {
  await page.goto(shop.page(''))
  await loadPackage(page)
  const { wholes, vectors, ...times } = await page.evaluate(
    async ({ backend, model, names }) => {
      const pictures: Blob[] = []
      for (const name of names) pictures.push(await (await fetch(`/photos/${name}`)).blob())
      const started = performance.now()
      const engine = await window.similarItems.SimilarityEngine.open({
        catalog: '/catalog.json',
        model,
        backend,
      })
      await engine.embed(pictures[0] as Blob)
      const first = performance.now() - started
      await engine.sync()
      const catalogue = performance.now() - started - first
      const wholes: number[] = []
      const vectors: number[][] = []
      for (const picture of pictures) {
        const before = performance.now()
        // A new blob, since the engine remembers photos.
        const { vector } = await engine.embed(new Blob([picture]))
        wholes.push(performance.now() - before)
        vectors.push([...vector])
      }
      const { backend: used, modelFile, timings } = engine.status
      await engine.close()
      if (used !== backend) throw new Error(`${backend} was asked for, ${used} ran`)
      return { first, catalogue, modelFile, inference: timings.inference, wholes, vectors }
    },
    { backend, model: modelPath, names: [...shop.photos] },
  )
  const photos = shop.photos.map((photo, index) => ({
    whole: wholes[index] as number,
    cosine: cosineSimilarity(vectors[index] as number[], golden.images[photo]?.embedding as number[]),
  }))
  return { ...times, photos }
}
