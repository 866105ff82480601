import { parseArgs } from 'node:util'
import type { FittedProjection } from '../../../src/tune/fit-options.js'
import { cutMatrix } from '../../../src/vectors/projection.js'
import { publish, type Row } from '../results-file.js'
import { readSplit, type SetName, setsArePresent } from './quality-sets.js'
import { mapping, stored, type VectorMap } from './quality-systems.js'
import { dimensions, strengths, tune, tunings, usualStrength, weaken } from './quality-tunings.js'
import { QualityEncoder } from './quality-vectors.js'
import { type Labelled, ndcg5Each } from './score-statistics.js'

/** On what a tuned encoder is tested. */
interface Test {
  readonly name: string
  readonly set: SetName
  /** Split of the gallery where it is not that of the queries. */
  readonly gallery?: string
  /** The part of the label that says what is relevant. Default: all of it. */
  readonly label?: (label: string) => string
}

const tests: readonly Test[] = [
  { name: 'furniture', set: 'furniture' },
  { name: 'clothing', set: 'clothing' },
  { name: 'grocery', set: 'grocery' },
  { name: 'grocery, photo to clean picture', set: 'grocery', gallery: 'iconic' },
  { name: 'fashion, kind alone', set: 'fashion', label: (label) => label.split('|', 1).join() },
  { name: 'fashion, full label', set: 'fashion' },
  { name: 'caltech', set: 'caltech' },
]

/** About as many queries of each, spread over the set. */
const mostQueries = 1047
/** Of which other strengths than the usual one are tested, too. */
const varied = 'furniture'

const { values: options } = parseArgs({ options: { tunings: { type: 'string' } } })
/** All unless some are named: fitting, and encoding what is fitted to, takes long. */
const names = options.tunings?.split(',')
const wanted = tunings.filter(({ name }) => names?.includes(name) ?? true)

if (setsArePresent) await measure()
else console.log('The labelled sets are not on this machine: tuned encoders are not measured.')

async function measure(): Promise<void> {
  const encoder = await QualityEncoder.open('int8')
  const fits = new Map<string, FittedProjection>()
  for (const tuning of wanted) fits.set(tuning.name, await tune(tuning, encoder))
  const rows: Row[] = []
  for (const test of tests) {
    rows.push(...(await testRows(test, encoder, fits)))
    console.log(`${test.name}: done`)
  }
  await encoder.close()
  const numbers = Array.from(fits, ([name, fit]) => ({ name, ...fit, matrix: undefined }))
  publish('tuned', rows, { tuning: numbers }, 'none: onnxruntime-node, 2 threads')
}

async function testRows(
  { name, set, gallery, label = (whole) => whole }: Test,
  encoder: QualityEncoder,
  fits: ReadonlyMap<string, FittedProjection>,
): Promise<Row[]> {
  const read = async (split: string): Promise<Labelled[]> => {
    const vectors = await encoder.encodeSplit(set, split)
    return readSplit(set, split).map(({ id, label: whole }, row) => {
      return { id, label: label(whole), vector: vectors[row] as Float32Array }
    })
  }
  const [queries, others] = [await read('test'), await read(gallery ?? 'test')]
  const { space } = encoder
  const score = (map: VectorMap) => ndcgOf(queries, others, map)
  const untuned = dimensions.map((length) =>
    score(mapping(space, { mean: null, matrix: cutMatrix(space, length) })),
  )
  const text = (means: readonly number[]) => means.map((mean) => mean.toFixed(3)).join(' / ')
  const rows: Row[] = [{ what: `${name}: untuned, ${dimensions.join(' / ')}`, value: text(untuned) }]
  for (const [tuning, { matrix }] of fits) {
    for (const strength of tuning === varied ? strengths : [usualStrength]) {
      const tuned = dimensions.map((length) =>
        score(mapping(space, { mean: null, matrix: weaken(matrix, { strength, length }) })),
      )
      const changes = tuned.map((mean, index) => (100 * (mean / (untuned[index] as number) - 1)).toFixed(1))
      const least = tuning === set ? 1.03 : 0.99
      const isPromised = tuning === varied && strength === usualStrength
      rows.push({
        what: `${name}: tuned on ${tuning}, strength ${strength}`,
        value: `${text(tuned)}; ${changes.join(' / ')} %`,
        ...(isPromised && {
          target: `>= ${least} x untuned`,
          met: tuned.every((mean, index) => mean >= least * (untuned[index] as number)),
        }),
      })
    }
  }
  return rows
}

/** The mean nDCG@5 after the map, stored in 8 bits. */
function ndcgOf(queries: readonly Labelled[], gallery: readonly Labelled[], map: VectorMap): number {
  const by = (pictures: readonly Labelled[]) => {
    const vectors = stored(pictures.map(({ vector }) => map(vector)))
    return pictures.map((picture, row) => ({ ...picture, vector: vectors[row] as Float32Array }))
  }
  const mapped = by(gallery)
  const step = Math.ceil(queries.length / mostQueries)
  const asked = by(queries.filter((_, index) => index % step === 0))
  const scores = ndcg5Each(asked, mapped)
  return scores.reduce((sum, value) => sum + value, 0) / scores.length
}
