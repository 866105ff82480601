import { parseArgs } from 'node:util'
import { evaluate } from '../../src/measure/evaluate.js'
import type { Evaluation } from '../../src/measure/evaluation.js'
import { queriesFromLabels } from '../../src/measure/labelled-relevance.js'
import { type Metric, standardMetrics } from '../../src/measure/metrics.js'
import { fitPrincipalAxes } from '../../src/node/indexing/fit-projection.js'
import type { FittedProjection } from '../../src/tune/fit-options.js'
import { cutMatrix } from '../../src/vectors/projection.js'
import { keptResult } from './kept-result.js'
import { readSplit, type SetName, setsArePresent } from './quality-sets.js'
import { summaryRows } from './quality-summary.js'
import { mapping, meanOf, pooled, stored, system } from './quality-systems.js'
import { dimensions, strengths, tune, tunings, usualStrength, weaken } from './quality-tunings.js'
import { QualityEncoder } from './quality-vectors.js'
import { publish, type Row } from './results-file.js'

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
const tuned = (name: string, length: number, strength = usualStrength) =>
  `int8 tuned on ${name}${strength === usualStrength ? '' : ` at ${strength}`}, ${length}`
/** The one with a promise: the encoder saw none of these pictures. */
const promised = tuned('furniture', 192)

/** Of which other strengths are measured, too. */
const varied = 'furniture'

const { values: options } = parseArgs({
  options: { tunings: { type: 'string' }, 'only-tune': { type: 'boolean' } },
})
/** All unless some are named: fitting, and encoding what is fitted to, takes long. */
const names = options.tunings?.split(',')
const wanted = tunings.filter(({ name }) => names?.includes(name) ?? true)

if (!setsArePresent) console.log('The labelled sets are not on this machine: quality is not measured.')
else if (options['only-tune']) await tuneOnly()
else await measure()

/** Does, and keeps, what `measure` takes longest for. */
async function tuneOnly(): Promise<void> {
  const encoder = await QualityEncoder.open('int8')
  for (const tuning of wanted) await tune(tuning, encoder)
  await encoder.close()
}

async function measure(): Promise<void> {
  const encoders = { fp16: await QualityEncoder.open('fp16'), int8: await QualityEncoder.open('int8') }
  const fits = new Map<string, FittedProjection>()
  for (const tuning of wanted) fits.set(tuning.name, await tune(tuning, encoders.int8))
  const tuning = Array.from(fits, ([name, fit]) => ({ name, ...fit, matrix: undefined }))
  const numbers: Record<string, unknown> = { tuning }
  const rows: Row[] = []
  const evaluations = new Map<string, Evaluation>()
  for (const task of tasks) {
    const path = `${encoders.int8.cache}/evaluation-${task.name.replaceAll(/\W+/g, '-')}`
    const fitted = Array.from(fits.values(), ({ matrix }) => new Uint8Array(matrix.buffer))
    const evaluation = await keptResult(path, fitted, () => measureTask(task, encoders, fits))
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
  fits: ReadonlyMap<string, FittedProjection>,
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
    ...[...fits].flatMap(([name, { matrix }]) =>
      strengths
        .filter((strength) => strength === usualStrength || name === varied)
        .flatMap((strength) =>
          dimensions.map((length) => {
            const fitted = mapping(space, { mean: null, matrix: weaken(matrix, { strength, length }) })
            return system(tuned(name, length, strength), ids, stored(int8.map(fitted)))
          }),
        ),
    ),
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

function rowsOf({ name, set, mobileNet }: Task, { systems }: Evaluation): Row[] {
  const ndcgOf = (system: string) => {
    return systems.find((result) => result.name === system)?.estimates['nDCG@5']?.mean ?? Number.NaN
  }
  return systems.map(({ name: system, estimates }): Row => {
    const means = Object.values(estimates).map(({ mean }) => mean.toFixed(3))
    const row = { what: `${name}: ${system}`, value: means.join(' / ') }
    const ndcg = ndcgOf(system)
    if (system === promised) {
      const least = set === 'furniture' ? 1.03 : 0.99
      const target = `>= ${(ndcgOf(untuned) * least).toFixed(3)} (${least} x untuned)`
      return { ...row, target, met: ndcg >= ndcgOf(untuned) * least }
    }
    if (system === principal) {
      const target = `>= ${(ndcgOf(full) * 0.99).toFixed(3)} (0.99 x full)`
      return { ...row, target, met: ndcg >= ndcgOf(full) * 0.99 }
    }
    if (system !== untuned || mobileNet === null) return row
    return { ...row, target: `> ${mobileNet} (MobileNetV2 + PCA-128)`, met: ndcg > mobileNet }
  })
}
