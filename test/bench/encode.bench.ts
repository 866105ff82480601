import type { Answer } from '../browser/answer-in-turn.js'
import { loadPackage, modelPath } from '../browser/engine-page.js'
import { test } from '../browser/harness.js'
import { publish, type Row } from './results-file.js'
import { median, milliseconds } from './statistics.js'
import { serveTransformersModel } from './transformers-model.js'

const rounds = 3

test('encode time per photo, split by step, against plain onnxruntime-web and transformers.js', async ({
  page,
  browser,
  shop,
}) => {
  shop.photoCatalog(2)
  serveTransformersModel((path, body) => shop.write(path, body))
  await page.goto(shop.page(''))
  await loadPackage(page)
  const workers = {
    plain: await shop.entry('plain-onnxruntime'),
    transformers: await shop.entry('transformers'),
  }
  const photos = shop.photos.filter((_, index) => index % 3 === 0).map((photo) => `/photos/${photo}`)
  const measured = await page.evaluate(
    async ({ workers, photos, rounds, modelPath }) => {
      const start = async (url: string, message: unknown) => {
        const worker = new Worker(url, { type: 'module' })
        const ask = (question: unknown) =>
          new Promise<number>((resolve, reject) => {
            worker.onmessage = ({ data }: MessageEvent<Answer>) => {
              if ('error' in data) reject(new Error(`${url}: ${data.error}`))
              else resolve(data.value as number)
            }
            worker.onerror = ({ message }) => reject(new Error(message))
            worker.postMessage(question)
          })
        await ask(message)
        return ask
      }
      const model = new Uint8Array(
        await (await fetch(`${modelPath}onnx/vision_model_quantized.onnx`)).arrayBuffer(),
      )
      const plain = await start(workers.plain, {
        model,
        runtime: `${location.origin}/ort/`,
        threads: 1,
        size: 224,
      })
      const transformers = await start(workers.transformers, {
        models: `${location.origin}/hf/`,
        model: 'tiny',
        runtime: `${location.origin}/transformers-ort/`,
        threads: 1,
      })
      const engine = await window.similarItems.SimilarityEngine.open({
        catalog: '/catalog.json',
        model: modelPath,
        backend: 'wasm',
      })
      await engine.sync()
      const samples = []
      for (let round = -1; round < rounds; round++) {
        for (const photo of photos) {
          const started = performance.now()
          const { timings } = await engine.searchByImage(photo)
          const whole = performance.now() - started
          const plainInference = await plain(0)
          const transformersWhole = await transformers(new URL(photo, location.href).href)
          // The first round warms everything up.
          if (round >= 0) samples.push({ ...timings, whole, plainInference, transformersWhole })
        }
      }
      return samples
    },
    { workers, photos, rounds, modelPath },
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
    {
      what: 'inference against plain',
      value: `${inferenceRatio.toFixed(2)}x`,
      target: '<= 1.1x',
      met: inferenceRatio <= 1.1,
    },
    { what: 'transformers.js, whole', value: milliseconds(of('transformersWhole')) },
    {
      what: 'transformers.js against ours',
      value: `${wholeRatio.toFixed(2)}x`,
      target: '> 1x',
      met: wholeRatio > 1,
    },
  ]
  publish(
    'encode',
    rows,
    { photos: photos.length, rounds, samples: measured },
    `Chromium ${browser.version()}`,
  )
})
