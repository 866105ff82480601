import { readFile } from 'node:fs/promises'
import {
  type Framing,
  hasPlainBorder,
  proposeCropBox,
  usualFraming,
} from '../../../src/encoder/crop-proposal.js'
import { decodePicture } from '../../../src/node/encoder/decode-picture.js'
import { publish, type Row } from '../results-file.js'
import { BoxEncoder, inputSize } from './box-encoder.js'
import { type LabelledPicture, readSplit, type SetName, setsArePresent } from './quality-sets.js'
import { QualityEncoder, shippedModel } from './quality-vectors.js'
import { dotProduct, type Labelled } from './score-statistics.js'

interface Task {
  readonly name: string
  readonly set: SetName
  readonly gallery: string
  /** Takes every n-th picture of the gallery. */
  readonly galleryShare: number
}

/** A photo in a shop to the clean picture of the product, and the other sets to see that nothing is harmed. */
const tasks: readonly Task[] = [
  { name: 'grocery, photo to clean picture', set: 'grocery', gallery: 'iconic', galleryShare: 1 },
  { name: 'clothing', set: 'clothing', gallery: 'test', galleryShare: 3 },
  { name: 'furniture', set: 'furniture', gallery: 'test', galleryShare: 2 },
  { name: 'caltech', set: 'caltech', gallery: 'test', galleryShare: 3 },
]
const framings: readonly Framing[] = [
  usualFraming,
  { ...usualFraming, leastSalience: 0 },
  { ...usualFraming, leastSalience: 0.6 },
  { ...usualFraming, way: 0.25 },
  { ...usualFraming, way: 0.75 },
  { ...usualFraming, way: 1 },
]
/** Takes every n-th query. */
const share = Number(process.argv[2] ?? 5)

if (setsArePresent) await measure()
else console.log('The labelled sets are not on this machine: the proposed box is not measured.')

async function measure(): Promise<void> {
  const encoder = await BoxEncoder.open()
  const gallery = await QualityEncoder.open('int8', shippedModel, 1)
  const rows: Row[] = []
  const numbers: unknown[] = []
  for (const task of tasks) {
    const results = await measureTask(task, encoder, gallery)
    numbers.push({ ...task, ...results })
    rows.push(...rowsOf(task, results))
    console.log(`${task.name}: done`)
  }
  await Promise.all([encoder.close(), gallery.close()])
  publish('crop-proposal', rows, { everyNthQuery: share, tasks: numbers }, 'none: onnxruntime-node, 1 thread')
}

interface Results {
  readonly queries: number
  readonly gallery: number
  readonly whole: Scores
  readonly framed: readonly (Framing & { readonly boxes: number } & Scores)[]
}

async function measureTask(
  task: Task,
  encoder: BoxEncoder,
  galleryEncoder: QualityEncoder,
): Promise<Results> {
  const pictures = readSplit(task.set, task.gallery)
  const vectors = await galleryEncoder.encodeSplit(task.set, task.gallery)
  const gallery = pictures
    .map(({ id, label }, row): Labelled => ({ id, label, vector: vectors[row] as Float32Array }))
    .filter((_, index) => index % task.galleryShare === 0)
  const inGallery = new Set(gallery.map(({ id }) => id))
  const queries = readSplit(task.set, 'test')
    .filter(({ id }) => task.gallery !== 'test' || inGallery.has(id))
    .filter((_, index) => index % share === 0)
  const whole: Scores[] = []
  const framed = framings.map((framing) => ({ framing, boxes: 0, scores: [] as Scores[] }))
  for (const query of queries) {
    const others = gallery.filter(({ id }) => id !== query.id)
    if (!others.some(({ label }) => label === query.label)) continue
    const pixels = await decodePicture(await readFile(query.image), query.id)
    const seen = await encoder.encode(pixels, null)
    const plain = scoresOf(seen.vector, query, others)
    whole.push(plain)
    for (const entry of framed) {
      const box = hasPlainBorder(seen.rgb, inputSize)
        ? null
        : proposeCropBox(seen.patchTokens, seen.poolerOutput, entry.framing)
      if (box) entry.boxes++
      entry.scores.push(box ? scoresOf((await encoder.encode(pixels, box)).vector, query, others) : plain)
    }
  }
  return {
    queries: whole.length,
    gallery: gallery.length,
    whole: meanOf(whole),
    framed: framed.map(({ framing, boxes, scores }) => ({ ...framing, boxes, ...meanOf(scores) })),
  }
}

function rowsOf({ name }: Task, { queries, whole, framed }: Results): Row[] {
  const text = ({ ndcg5, precision1 }: Scores) => `${ndcg5.toFixed(3)} / ${precision1.toFixed(3)}`
  return [
    { what: `${name}: nDCG@5 / P@1 of the whole picture`, value: `${text(whole)} of ${queries}` },
    ...framed.map(({ leastSalience, way, boxes, ...scores }): Row => {
      const what = `${name}: from ${leastSalience} deviations on, ${way} of the way, ${boxes} boxes`
      return { what, value: text(scores) }
    }),
  ]
}

interface Scores {
  readonly ndcg5: number
  readonly precision1: number
}

/** nDCG@5 with the ideal over as many of 5 as are relevant, and P@1. */
function scoresOf(vector: Float32Array, { label }: LabelledPicture, gallery: readonly Labelled[]): Scores {
  const ranked = gallery
    .map((other) => ({ score: dotProduct(vector, other.vector), isSame: other.label === label }))
    .sort((a, b) => b.score - a.score)
  const relevant = ranked.filter(({ isSame }) => isSame).length
  const discount = (rank: number) => 1 / Math.log2(rank + 2)
  const gain = ranked.slice(0, 5).reduce((sum, { isSame }, rank) => sum + (isSame ? discount(rank) : 0), 0)
  let ideal = 0
  for (let rank = 0; rank < Math.min(5, relevant); rank++) ideal += discount(rank)
  return { ndcg5: gain / ideal, precision1: Number(ranked[0]?.isSame) }
}

function meanOf(scores: readonly Scores[]): Scores {
  const of = (key: keyof Scores) => scores.reduce((sum, score) => sum + score[key], 0) / scores.length
  return { ndcg5: of('ndcg5'), precision1: of('precision1') }
}
