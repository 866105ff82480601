import { evaluate } from '../../../src/measure/evaluation/evaluate.js'
import type { Evaluation } from '../../../src/measure/evaluation/evaluation.js'
import { queriesFromLabels } from '../../../src/measure/evaluation/labelled-relevance.js'
import { type Metric, standardMetrics } from '../../../src/measure/evaluation/metrics.js'
import { fitPrincipalAxes } from '../../../src/node/indexing/fit-projection.js'
import { cutMatrix } from '../../../src/vectors/projection.js'
import { publish, type Row } from '../results-file.js'
import { readSplit, type SetName, setsArePresent } from './quality-sets.js'
import { summaryRows } from './quality-summary.js'
import { mapping, meanOf, pooled, stored, system } from './quality-systems.js'
import { dimensions } from './quality-tunings.js'
import { QualityEncoder } from './quality-vectors.js'

/** One row of the README's table: nDCG@5 of MobileNetV2 with PCA to 128, measured once on the same pictures. */
interface Task {
  readonly name: string
  readonly set: SetName
  /** Split of the gallery where it is not that of the queries. */
  readonly gallery?: string
  /** The part of the label that says what is relevant. Default: all of it. */
  readonly label?: (label: string) => string
  /** Null where it was not measured on these pictures. */
  readonly mobileNet: number | null
}

const tasks: readonly Task[] = [
  { name: 'clothing', set: 'clothing', mobileNet: 0.617 },
  { name: 'grocery', set: 'grocery', mobileNet: 0.8 },
  { name: 'grocery, photo to clean picture', set: 'grocery', gallery: 'iconic', mobileNet: 0.366 },
  {
    name: 'fashion, kind alone',
    set: 'fashion',
    label: (label) => label.split('|', 1).join(),
    mobileNet: 0.71,
  },
  { name: 'fashion, full label', set: 'fashion', mobileNet: 0.26 },
  { name: 'caltech', set: 'caltech', mobileNet: 0.757 },
  { name: 'furniture', set: 'furniture', mobileNet: null },
]

const metrics: readonly Metric[] = standardMetrics().slice(0, 3)
/** Names of systems: the weights, and how many dimensions. 8-bit weights go with storage in 8 bits, as in packs. */
const untuned = 'int8, 192'
const full = 'fp16, 192'
/** What `index --dims 128` makes of full vectors, axes fitted to the catalogue itself. */
const principal = 'fp16, principal axes 128, stored in 8 bits'

if (setsArePresent) await measure()
else console.log('The labelled sets are not on this machine: quality is not measured.')

async function measure(): Promise<void> {
  const encoders = { fp16: await QualityEncoder.open('fp16'), int8: await QualityEncoder.open('int8') }
  const numbers: Record<string, unknown> = {}
  const rows: Row[] = []
  const evaluations = new Map<string, Evaluation>()
  for (const task of tasks) {
    const evaluation = await measureTask(task, encoders)
    evaluations.set(task.name, evaluation)
    numbers[task.name] = { mobileNet: task.mobileNet, ...evaluation, categories: undefined, worst: undefined }
    rows.push(...rowsOf(task, evaluation))
    console.log(`${task.name}: done`)
  }
  await Promise.all([encoders.fp16.close(), encoders.int8.close()])
  const summary = summaryRows(evaluations)
  publish('quality', [...summary, ...rows], numbers, 'none: onnxruntime-node, 2 threads')
}

async function measureTask(
  { set, gallery, label = (whole) => whole }: Task,
  encoders: { fp16: QualityEncoder; int8: QualityEncoder },
): Promise<Evaluation> {
  const splits = gallery === undefined ? ['test'] : ['test', gallery]
  const items = (split: string) =>
    readSplit(set, split).map((picture) => ({ id: picture.id, label: label(picture.label) }))
  const ids = splits.flatMap((split) => items(split).map(({ id }) => id))
  const vectorsOf = async (encoder: QualityEncoder) => {
    const vectors: Float32Array[] = []
    for (const split of splits) vectors.push(...(await encoder.encodeSplit(set, split)))
    return vectors
  }
  const [fp16, int8] = [await vectorsOf(encoders.fp16), await vectorsOf(encoders.int8)]
  const { space } = encoders.int8
  const inGallery = (vectors: readonly Float32Array[]) =>
    gallery === undefined ? vectors : vectors.slice(items('test').length)
  const [fp16Mean, int8Mean] = [meanOf(inGallery(fp16)), meanOf(inGallery(int8))]
  const cut = (length: number, mean: Float32Array | null = null) =>
    mapping(space, { mean, matrix: cutMatrix(space, length) })
  const centered = mapping(space, { mean: fp16Mean, matrix: null })
  const axes = (vectors: readonly Float32Array[], mean: Float32Array | null) =>
    mapping(space, { mean, matrix: fitPrincipalAxes(vectors, 128) })
  const systems = [
    ...dimensions.map((length) => system(`int8, ${length}`, ids, stored(int8.map(cut(length))))),
    ...dimensions.map((length) => system(`fp16, ${length}`, ids, fp16.map(cut(length)))),
    system('int8, 192, stored in 32 bits', ids, int8),
    system('fp16, 192, stored in 8 bits', ids, stored(fp16)),
    ...dimensions.map((length) =>
      system(`int8 centered, ${length}`, ids, stored(int8.map(cut(length, int8Mean)))),
    ),
    ...dimensions.map((length) => system(`fp16 centered, ${length}`, ids, fp16.map(cut(length, fp16Mean)))),
    system(principal, ids, stored(fp16.map(axes(fp16, null)))),
    system(`${principal}, centered`, ids, stored(fp16.map(axes(fp16.map(centered), fp16Mean)))),
  ]
  const queries = queriesFromLabels(items('test'), gallery === undefined ? undefined : items(gallery))
  const evaluation = evaluate(pooled(queries, systems, 5), systems, {
    baseline: untuned,
    metrics,
    samples: 400,
    worst: 0,
  })
  // Among the candidates that are left, a random order is none among all.
  return { ...evaluation, systems: evaluation.systems.filter(({ name }) => name !== 'random') }
}

function rowsOf({ name, mobileNet }: Task, { systems }: Evaluation): Row[] {
  const ndcgOf = (system: string) => {
    return systems.find((result) => result.name === system)?.estimates['nDCG@5']?.mean ?? Number.NaN
  }
  return systems.map(({ name: system, estimates }): Row => {
    const means = Object.values(estimates).map(({ mean }) => mean.toFixed(3))
    const row = { what: `${name}: ${system}`, value: means.join(' / ') }
    const ndcg = ndcgOf(system)
    if (system === principal) {
      const target = `>= ${(ndcgOf(full) * 0.99).toFixed(3)} (0.99 x full)`
      return { ...row, target, met: ndcg >= ndcgOf(full) * 0.99 }
    }
    if (system !== untuned || mobileNet === null) return row
    return { ...row, target: `> ${mobileNet} (MobileNetV2 + PCA-128)`, met: ndcg > mobileNet }
  })
}
