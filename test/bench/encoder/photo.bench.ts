import { loadPackage, modelPath } from '../../browser/engine/engine-page.js'
import { test } from '../../browser/harness.js'
import { cameraPhoto } from '../../browser/photo-search/photo-pictures.js'
import { publish, type Row, ratioRow } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { loadRivals } from './rivals.js'

const rounds = 20

test('a photo from a phone, file to results, first time and warm', async ({ page, browser, shop }) => {
  shop.photoCatalog()
  const { bytes } = await cameraPhoto(4032, 3024, 6)
  const photo = shop.write('/phone.jpg', bytes)
  await page.goto(shop.page(''))
  await loadPackage(page)
  await loadRivals(page, shop)
  const { first, samples, transformersFirst } = await page.evaluate(
    async ({ photo, rounds, modelPath }) => {
      const file = await (await fetch(photo)).blob()
      const { SimilarityEngine } = window.similarItems
      const options = { catalog: '/catalog.json', model: modelPath, backend: 'auto' } as const
      const filling = await SimilarityEngine.open(options)
      await filling.sync()
      await filling.close()
      // The vectors are at hand, as from a pack, but neither runtime nor model.
      await caches.delete('similar-items-models')
      const firstStarted = performance.now()
      const engine = await SimilarityEngine.open(options)
      const { timings } = await engine.searchByImage(file)
      const first = { ...timings, whole: performance.now() - firstStarted }

      const transformersStarted = performance.now()
      const transformers = await window.rivals.transformers()
      await transformers(photo)
      const transformersFirst = performance.now() - transformersStarted
      const plain = await window.rivals.plain()
      // Nothing is known of a copy: the engine knows its photos by the blob.
      const copy = () => new Blob([file], { type: file.type })
      const timed = async (task: () => Promise<unknown>) => {
        const started = performance.now()
        await task()
        return performance.now() - started
      }
      const samples = []
      for (let round = -2; round < rounds; round++) {
        const unknown = copy()
        const started = performance.now()
        const { timings } = await engine.searchByImage(unknown)
        const whole = performance.now() - started
        const decodeAlone = await timed(async () => (await createImageBitmap(file)).close())
        const crop = { x: 0.1 + round / 1000, y: 0.1, width: 0.7, height: 0.7 }
        const sample = {
          ...timings,
          whole,
          decodeAlone,
          partKept: await timed(() => engine.searchByImage(unknown, { crop })),
          samePart: await timed(() => engine.searchByImage(unknown, { crop })),
          partAnew: await timed(() => engine.searchByImage(copy(), { crop })),
          plainInference: await plain(),
          transformersWhole: await transformers(photo),
        }
        // The first rounds warm everything up.
        if (round >= 0) samples.push(sample)
      }
      await engine.close()
      return { first, samples, transformersFirst }
    },
    { photo, rounds, modelPath },
  )
  const of = (key: keyof (typeof samples)[number]) => median(samples.map((sample) => sample[key]))
  const wholeRatio = of('transformersWhole') / of('whole')
  const firstRatio = transformersFirst / first.whole
  const partsRatio = median(
    samples.map(({ whole, decodeAlone, plainInference }) => whole / (decodeAlone + plainInference)),
  )
  const rows: Row[] = [
    { what: 'first: decode', value: milliseconds(first.decode) },
    { what: 'first: exact resize', value: milliseconds(first.resize) },
    { what: 'first: inference', value: milliseconds(first.inference) },
    { what: 'first: engine, runtime, model, file to ranked list', value: milliseconds(first.whole) },
    { what: 'first: transformers.js, whole', value: milliseconds(transformersFirst) },
    ratioRow('first: transformers.js against ours', firstRatio, { above: 1 }),
    { what: 'warm: decode', value: milliseconds(of('decode')) },
    { what: 'warm: exact resize', value: milliseconds(of('resize')) },
    { what: 'warm: inference', value: milliseconds(of('inference')) },
    { what: 'warm: rank', value: milliseconds(of('rank')) },
    { what: 'warm: file to ranked list', value: milliseconds(of('whole')) },
    { what: 'warm: decode alone', value: milliseconds(of('decodeAlone')) },
    { what: 'warm: plain onnxruntime-web, inference alone', value: milliseconds(of('plainInference')) },
    ratioRow('warm: ours against decode and inference alone', partsRatio, { atMost: 1.2 }),
    { what: 'warm: transformers.js, whole', value: milliseconds(of('transformersWhole')) },
    ratioRow('warm: transformers.js against ours', wholeRatio, { above: 1 }),
    { what: 'frame moved: photo decoded anew', value: milliseconds(of('partAnew')) },
    { what: 'frame moved: photo kept decoded', value: milliseconds(of('partKept')) },
    { what: 'another filter, the same frame', value: milliseconds(of('samePart')) },
  ]
  publish('photo', rows, { first, transformersFirst, samples }, `Chromium ${browser.version()}`)
})
