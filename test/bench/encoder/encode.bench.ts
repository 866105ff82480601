import { loadPackage, modelPath } from '../../browser/engine/engine-page.js'
import { test } from '../../browser/harness.js'
import { publish, type Row, ratioRow } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { loadRivals } from './rivals.js'

const rounds = 3

test('encode time per photo, split by step, against plain onnxruntime-web and transformers.js', async ({
  page,
  browser,
  shop,
}) => {
  shop.photoCatalog(2)
  await page.goto(shop.page(''))
  await loadPackage(page)
  await loadRivals(page, shop)
  const photos = shop.photos.filter((_, index) => index % 3 === 0).map((photo) => `/photos/${photo}`)
  const measured = await page.evaluate(
    async ({ photos, rounds, modelPath }) => {
      const plain = await window.rivals.plain()
      const transformers = await window.rivals.transformers()
      const engine = await window.similarItems.SimilarityEngine.open({
        catalog: '/catalog.json',
        model: modelPath,
        backend: 'auto',
      })
      await engine.sync()
      const samples = []
      for (let round = -1; round < rounds; round++) {
        for (const photo of photos) {
          const started = performance.now()
          const { timings } = await engine.searchByImage(photo)
          const whole = performance.now() - started
          const plainInference = await plain()
          const transformersWhole = await transformers(new URL(photo, location.href).href)
          // The first round warms everything up.
          if (round >= 0) samples.push({ ...timings, whole, plainInference, transformersWhole })
        }
      }
      return samples
    },
    { photos, rounds, modelPath },
  )
  const of = (key: keyof (typeof measured)[number]) => median(measured.map((sample) => sample[key]))
  const inferenceRatio = of('inference') / of('plainInference')
  const wholeRatio = of('transformersWhole') / of('whole')
  const rows: Row[] = [
    { what: 'fetch (loopback)', value: milliseconds(of('fetch')) },
    { what: 'decode', value: milliseconds(of('decode')) },
    { what: 'exact resize', value: milliseconds(of('resize')) },
    { what: 'inference', value: milliseconds(of('inference')) },
    { what: 'whole, photo URL to ranked list', value: milliseconds(of('whole')) },
    { what: 'plain onnxruntime-web, inference', value: milliseconds(of('plainInference')) },
    ratioRow('inference against plain', inferenceRatio, { atMost: 0.4 }),
    { what: 'transformers.js, whole', value: milliseconds(of('transformersWhole')) },
    ratioRow('transformers.js against ours', wholeRatio, { above: 3 }),
  ]
  publish(
    'encode',
    rows,
    { photos: photos.length, rounds, samples: measured },
    `Chromium ${browser.version()}`,
  )
})
