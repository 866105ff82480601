/**
 * node test/bench/crop-proposal.mjs [share]
 *
 * Retrieval with the whole picture against the part that the encoder proposes, on the evaluation sets: a photo in a
 * shop to the clean picture of the product, and the other sets to see that nothing is harmed. `share` takes every n-th
 * query, 4 by default. Writes results/crop-proposal.json.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import sharp from 'sharp'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('../../', import.meta.url))
const sets = `${root}../shared/eval/`
const weights = `${root}public/models/siglip-tiny-patch16-224/onnx/vision_model_quantized.onnx`
const size = { width: 224, height: 224 }
const tasks = [
  { name: 'grocery, photo to clean picture', set: 'grocery', gallery: 'iconic' },
  { name: 'clothing', set: 'clothing', gallery: 'test', galleryShare: 3 },
  { name: 'furniture', set: 'furniture', gallery: 'test', galleryShare: 2 },
  { name: 'caltech', set: 'caltech', gallery: 'test', galleryShare: 3 },
]

if (!existsSync(sets)) {
  console.log('The evaluation sets are not on this machine: nothing is measured.')
  process.exit(0)
}
const share = Number(process.argv[2] ?? 4)
const load = async (path) =>
  (await runnerImport(`${root}src/encoder/${path}`, { configFile: false, root, logLevel: 'error' })).module
const { hasPlainBorder, proposeCropBox } = await load('crop-proposal.ts')
const { Resampler } = await load('resample.ts')
const { toPixelValues } = await load('pixel-values.ts')
const resampler = await Resampler.open()
const session = await InferenceSession.create(weights, { intraOpNumThreads: 1 })

const rows = []
for (const task of tasks) {
  const row = await measure(task)
  console.log(row)
  rows.push(row)
}
mkdirSync(`${root}test/bench/results`, { recursive: true })
const result = { date: new Date().toISOString().slice(0, 10), weights: 'int8', everyNthQuery: share, rows }
writeFileSync(`${root}test/bench/results/crop-proposal.json`, `${JSON.stringify(result, null, 2)}\n`)

async function measure({ name, set, gallery, galleryShare = 1 }) {
  const pictures = parse(readFileSync(`${sets}${set}/labels.csv`), { columns: true })
  const isGallery = (picture) => picture.split === gallery
  const galleryPictures = pictures.filter(isGallery).filter((_, index) => index % galleryShare === 0)
  const vectors = []
  for (const picture of galleryPictures) {
    vectors.push({ ...picture, vector: (await encode(await pixelsOf(set, picture))).vector })
  }
  const queries = gallery === 'test' ? galleryPictures : pictures.filter(({ split }) => split === 'test')
  const whole = []
  const proposed = []
  let proposals = 0
  for (const query of queries.filter((_, index) => index % share === 0)) {
    const others = vectors.filter(({ id }) => id !== query.id)
    if (!others.some(({ label }) => label === query.label)) continue
    const source = await pixelsOf(set, query)
    const { rgb, vector, patchTokens, poolerOutput } = await encode(source)
    const box = hasPlainBorder(rgb, size) ? null : proposeCropBox(patchTokens, poolerOutput)
    const cropped = box ? (await encode(source, box)).vector : vector
    if (box) proposals++
    whole.push(score(vector, query, others))
    proposed.push(score(cropped, query, others))
  }
  return {
    name,
    queries: whole.length,
    gallery: vectors.length,
    proposals,
    whole: mean(whole),
    proposed: mean(proposed),
  }
}

async function pixelsOf(set, { image }) {
  const file = sharp(readFileSync(`${sets}${set}/${image}`))
    .ensureAlpha()
    .raw()
  const { data, info } = await file.toBuffer({ resolveWithObject: true })
  return {
    width: info.width,
    height: info.height,
    channels: 'rgb',
    transparency: 'straight',
    async read(area, target) {
      for (let row = 0; row < area.height; row++) {
        const start = ((area.y + row) * info.width + area.x) * 4
        target.set(data.subarray(start, start + area.width * 4), row * area.width * 4)
      }
    },
  }
}

async function encode(source, box = { x: 0, y: 0, width: 1, height: 1 }) {
  const x = Math.floor(box.x * source.width)
  const y = Math.floor(box.y * source.height)
  const region = {
    x,
    y,
    width: Math.round((box.x + box.width) * source.width) - x,
    height: Math.round((box.y + box.height) * source.height) - y,
  }
  const rgb = await resampler.resize(source, { ...size, filter: 'bicubic' }, { region })
  const half = [0.5, 0.5, 0.5]
  const pixelValues = toPixelValues(rgb, { ...size, rescaleFactor: 1 / 255, mean: half, std: half })
  const outputs = await session.run({ pixel_values: new Tensor('float32', pixelValues, [1, 3, 224, 224]) })
  const poolerOutput = outputs.pooler_output.data
  const length = Math.hypot(...poolerOutput)
  const vector = poolerOutput.map((component) => component / length)
  return { rgb, vector, patchTokens: outputs.last_hidden_state.data, poolerOutput }
}

/** nDCG@5 with the ideal over min(5, number relevant), and P@1. */
function score(vector, query, gallery) {
  const cosine = (other) => other.reduce((sum, component, index) => sum + component * vector[index], 0)
  const ranked = gallery
    .map(({ vector, label }) => ({ cosine: cosine(vector), relevant: label === query.label }))
    .sort((a, b) => b.cosine - a.cosine)
  const relevant = ranked.filter((hit) => hit.relevant).length
  const discount = (rank) => 1 / Math.log2(rank + 2)
  const gain = ranked.slice(0, 5).reduce((sum, hit, rank) => sum + (hit.relevant ? discount(rank) : 0), 0)
  const ideal = Array.from({ length: Math.min(5, relevant) }, (_, rank) => discount(rank))
  return { ndcg5: gain / ideal.reduce((sum, value) => sum + value), precision1: Number(ranked[0].relevant) }
}

function mean(scores) {
  const of = (key) => scores.reduce((sum, score) => sum + score[key], 0) / scores.length
  return { ndcg5: Number(of('ndcg5').toFixed(4)), precision1: Number(of('precision1').toFixed(4)) }
}
