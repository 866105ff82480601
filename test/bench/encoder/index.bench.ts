import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import pMap from 'p-map'
import sharp from 'sharp'
import type * as Indexer from '../../../src/node/index.js'
import { modelPath } from '../../browser/engine/engine-page.js'
import { test } from '../../browser/harness.js'
import { publish } from '../results-file.js'
import { median } from '../statistics.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const model = join(root, 'public', modelPath)
const photoFolder = join(root, 'node_modules/@vendure/create/assets/images')
const copies = 4
const rounds = 3
const rawRuns = 60

/** Pictures a second of `session.run` alone, with the same weights, on a tensor that is there already. */
async function rawRate(weightsFile: string, options: InferenceSession.SessionOptions): Promise<number> {
  const weights = readFileSync(weightsFile)
  const session = await InferenceSession.create(weights, options)
  const values = Float32Array.from({ length: 3 * 224 * 224 }, (_, index) => Math.sin(index))
  const feeds = { pixel_values: new Tensor('float32', values, [1, 3, 224, 224]) }
  await session.run(feeds, ['pooler_output'])
  const started = performance.now()
  for (let run = 0; run < rawRuns; run++) await session.run(feeds, ['pooler_output'])
  const seconds = (performance.now() - started) / 1000
  await session.release()
  return rawRuns / seconds
}

/**
 * Pictures a second of a script of sharp and onnxruntime-node: decoding and resizing beside the one `session.run`. sharp shrinks
 * JPEGs while it decodes them, which is quicker and gives other pixels than the model was trained on.
 */
async function scriptRate(
  weightsFile: string,
  files: readonly string[],
  options: InferenceSession.SessionOptions,
): Promise<number> {
  const session = await InferenceSession.create(readFileSync(weightsFile), options)
  let last: Promise<unknown> = Promise.resolve()
  const encode = async (file: string) => {
    const image = sharp(file).resize(224, 224, { fit: 'fill' }).removeAlpha().toColourspace('srgb')
    const rgb = await image.raw({ depth: 'uchar' }).toBuffer()
    const values = new Float32Array(rgb.length)
    const plane = rgb.length / 3
    for (let at = 0; at < plane; at++) {
      for (let channel = 0; channel < 3; channel++)
        values[channel * plane + at] = (rgb[at * 3 + channel] as number) / 127.5 - 1
    }
    const feeds = { pixel_values: new Tensor('float32', values, [1, 3, 224, 224]) }
    last = last.then(() => session.run(feeds, ['pooler_output']))
    await last
  }
  await pMap(files.slice(0, 8), encode, { concurrency: 4 })
  const started = performance.now()
  await pMap(files, encode, { concurrency: 4 })
  const seconds = (performance.now() - started) / 1000
  await session.release()
  return files.length / seconds
}

/** The file of weights that the indexer says it used. */
function toPath(modelFile: string): string {
  if (modelFile.startsWith('file:')) return fileURLToPath(modelFile)
  return isAbsolute(modelFile) ? modelFile : join(model, 'onnx', basename(modelFile))
}

test('indexing, decoding included, against onnxruntime-node alone', async ({ shop, browser }) => {
  const { indexCatalog } = (await import(join(root, 'dist/node/index.js'))) as typeof Indexer
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  const names = Array.from({ length: copies }, (_, copy) =>
    shop.photos.map((photo) => `${copy}-${photo}`),
  ).flat()
  for (const name of names) copyFileSync(join(photoFolder, name.slice(2)), join(folder, name))
  const feed = join(folder, 'feed.json')
  writeFileSync(feed, JSON.stringify(names.map((name) => ({ id: name, title: name, image_link: name }))))

  /** Pictures a second from the first that is finished to the last, and over the whole run. */
  const ourRate = async (round: number): Promise<{ steady: number; whole: number; weights: string }> => {
    const times: number[] = []
    const onProgress = () => times.push(performance.now())
    const out = join(folder, `out-${round}`)
    const { seconds, modelFile } = await indexCatalog({ feed, model, out, onProgress })
    const [first = 0, last = 0] = [times[0], times.at(-1)]
    return {
      steady: (1000 * (times.length - 1)) / (last - first),
      whole: names.length / seconds,
      weights: modelFile,
    }
  }
  let used = ''
  const paths = names.map((name) => join(folder, name))
  const measured: { ours: number; whole: number; raw: number; rawOneThread: number; script: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const { steady, whole, weights } = await ourRate(round)
    const file = toPath(weights)
    const raw = await rawRate(file, {})
    const rawOneThread = await rawRate(file, { intraOpNumThreads: 1 })
    const script = Math.max(
      await scriptRate(file, paths, {}),
      await scriptRate(file, paths, { intraOpNumThreads: 1 }),
    )
    measured.push({ ours: steady, whole, raw, rawOneThread, script })
    used = basename(file)
  }
  rmSync(folder, { recursive: true, force: true })

  const rate = (name: keyof (typeof measured)[number]) =>
    `${median(measured.map((round) => round[name])).toFixed(1)} pictures/s`
  const ratio = median(measured.map(({ ours, raw }) => ours / raw))
  const scriptRatio = median(measured.map(({ ours, script }) => ours / script))
  publish(
    'index',
    [
      { what: 'index: fetch, decode, resize, encode, journal', value: rate('ours') },
      { what: 'index, with opening the model and writing the pack', value: rate('whole') },
      { what: `onnxruntime-node alone with ${used}, its own choice of threads`, value: rate('raw') },
      { what: `onnxruntime-node alone with ${used}, one thread`, value: rate('rawOneThread') },
      {
        what: 'index against onnxruntime-node with the same weights',
        value: `${ratio.toFixed(2)}x`,
        target: '>= 0.9x',
        met: ratio >= 0.9,
      },
      {
        what: `sharp and onnxruntime-node with ${used}, in a script, its better choice of threads`,
        value: rate('script'),
      },
      { what: 'index against that script', value: `${scriptRatio.toFixed(2)}x` },
    ],
    measured,
    `Chromium ${browser.version()}`,
  )
})
