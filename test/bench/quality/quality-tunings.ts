import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { relationsFromTitles } from '../../../src/tune/alike-titles.js'
import type { FittedProjection } from '../../../src/tune/fit-options.js'
import { fitProjection } from '../../../src/tune/fit-projection.js'
import { type Relations, relationsFromLabels, relationsFromPairs } from '../../../src/tune/relations.js'
import { type LabelledPicture, readPart, type SetName } from './quality-sets.js'
import type { QualityEncoder } from './quality-vectors.js'

/** What a projection is learned from: pictures of the training split of a set, and what is known of them. */
export interface Tuning {
  readonly name: string
  readonly set: SetName
  /** Takes every n-th picture: about as many of each set, since encoding takes long. */
  readonly every: number
  readonly relations: (pictures: readonly LabelledPicture[], vectors: readonly Float32Array[]) => Relations
  readonly titles?: true
}

const byLabel = (pictures: readonly LabelledPicture[]) =>
  relationsFromLabels(
    pictures.map(({ label }) => label),
    seededRandom(1),
  )
const byTitle = (pictures: readonly LabelledPicture[]) =>
  relationsFromTitles(pictures.map(({ title }) => title))

/** What a shop gets that labels its catalogue, has clicks, or has nothing but titles. */
export const tunings: readonly Tuning[] = [
  { name: 'furniture', set: 'furniture', every: 1, relations: byLabel },
  { name: 'clothing', set: 'clothing', every: 3, relations: byLabel },
  { name: 'grocery', set: 'grocery', every: 2, relations: byLabel },
  { name: 'fashion', set: 'fashion', every: 4, relations: byLabel },
  { name: 'furniture by simulated clicks', set: 'furniture', every: 1, relations: simulatedClicks },
  { name: 'fashion by titles', set: 'fashion', every: 4, relations: byTitle, titles: true },
]

export const dimensions = [192, 128, 64] as const

/** How far to go from the encoder to what was learned; the second is the default. */
export const strengths = [0.3, 0.4, 0.5, 1] as const
export const usualStrength = 0.4

/**
 * What is learned of a set, at full strength. It takes minutes, so that it is kept in `.cache` for as long as the
 * vectors and the code stay what they are.
 */
export async function tune(tuning: Tuning, encoder: QualityEncoder): Promise<FittedProjection> {
  const { name, set, every, relations, titles } = tuning
  const part = { set, every, split: 'train' }
  const pictures = readPart(part)
  const vectors = await encoder.encodePart(part)
  const path = `${encoder.cache}/fit-${name.replaceAll(' ', '-')}-${hashOf(vectors)}.json`
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'), revive)
  const started = performance.now()
  const fit = fitProjection(
    {
      vectors,
      relations: relations(pictures, vectors),
      titles: titles && pictures.map(({ title }) => title),
    },
    { dimensions, strength: 1 },
  )
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`tuned on ${name}: ${fit.trainingPairs} pairs, ${fit.chosen} steps, ${seconds} s`)
  writeFileSync(path, JSON.stringify({ ...fit, matrix: Array.from(fit.matrix) }))
  return fit
}

/** The first `length` rows of a matrix that was learned at full strength, at less. */
export function weaken(matrix: Float32Array, { strength, length }: { strength: number; length: number }) {
  const columns = Math.sqrt(matrix.length)
  return matrix.slice(0, length * columns).map((learned, index) => {
    const untuned = index % columns === Math.floor(index / columns) ? 1 : 0
    return strength * learned + (1 - strength) * untuned
  })
}

/** Of all that a fit depends on. */
function hashOf(vectors: readonly Float32Array[]): string {
  const hash = createHash('sha256')
  const code = readdirSync(tuneCode).sort()
  for (const file of [...code.map((name) => tuneCode + name), fileURLToPath(import.meta.url)]) {
    hash.update(readFileSync(file))
  }
  for (const vector of vectors) hash.update(vector)
  return hash.digest('hex').slice(0, 16)
}

const tuneCode = fileURLToPath(new URL('../../../src/tune/', import.meta.url))
const revive = (key: string, value: unknown) =>
  key === 'matrix' ? Float32Array.from(value as number[]) : value

const listsPerPicture = 4
const listLength = 12

/**
 * A log as a shop with the untuned encoder would have it, simulated: lists of the nearest six of a picture and six
 * others; of those with its label three in ten are clicked, of the others three in a hundred.
 */
function simulatedClicks(pictures: readonly LabelledPicture[], vectors: readonly Float32Array[]): Relations {
  const random = seededRandom(1)
  const pairs: [number, number][] = []
  for (const [query, vector] of vectors.entries()) {
    const cosines = vectors.map((other) =>
      vector.reduce((dot, x, index) => dot + x * (other[index] as number), 0),
    )
    const nearest = [...vectors.keys()]
      .filter((item) => item !== query)
      .sort((a, b) => (cosines[b] as number) - (cosines[a] as number))
      .slice(0, listLength / 2)
    for (let list = 0; list < listsPerPicture; list++) {
      const others = Array.from({ length: listLength / 2 }, () => random.below(vectors.length))
      for (const item of new Set([...nearest, ...others])) {
        const isAlike = pictures[item]?.label === pictures[query]?.label
        if (item !== query && random.next() < (isAlike ? 0.3 : 0.03)) pairs.push([query, item])
      }
    }
  }
  return relationsFromPairs(pairs)
}
