import { describe, expect, test } from 'vitest'
import { type SeededRandom, seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { relationsFromTitles } from '../../../src/tune/alike-titles.js'
import type { FitOptions } from '../../../src/tune/fit-options.js'
import { fitProjection } from '../../../src/tune/fit-projection.js'
import { holdOut, relationsFromLabels, relationsFromPairs } from '../../../src/tune/relations.js'
import { embedTitles, knownWords, makeVocabulary, wordsOf } from '../../../src/tune/word-vectors.js'
import { normalize } from '../../../src/vectors/normalize.js'

const length = 12

/** Items of 20 kinds: four components tell the kind, the others are noise that is as large. */
function noisyItems(random: SeededRandom): { vectors: Float32Array[]; labels: string[] } {
  const noise = () => random.next() + random.next() - 1
  const kinds = Array.from({ length: 20 }, () => Array.from({ length: 4 }, noise))
  const labels: string[] = []
  const vectors = Array.from({ length: 240 }, (_, item) => {
    const kind = kinds[item % 20] as number[]
    labels.push(`kind ${item % 20}`)
    return normalize([
      ...Array.from({ length: length - 4 }, noise),
      ...kind.map((component) => component + 0.2 * noise()),
    ])
  })
  return { vectors, labels }
}

const { vectors, labels } = noisyItems(seededRandom(1))
const relations = relationsFromLabels(labels, seededRandom(1))
const fast: FitOptions = { steps: 60, learningRate: 0.01, batchSize: 64, decay: 0.1 }

describe('fitProjection', () => {
  test.each<[string, FitOptions]>([
    ['every element', {}],
    ['a low rank', { rank: 6 }],
  ])('%s: finds what tells the kinds apart', (_, options) => {
    const { history, chosen, matrix } = fitProjection({ vectors, relations }, { ...fast, ...options })
    const untuned = history[0]?.score ?? Number.NaN
    const best = Math.max(...history.map(({ score }) => score))
    console.log(
      `nDCG@5 of held-out items: ${untuned.toFixed(3)} untuned, ${best.toFixed(3)} after ${chosen} steps`,
    )
    expect(best).toBeGreaterThan(1.3 * untuned)
    expect(matrix).toHaveLength(length * length)
  })

  test('prefixes: it moves what matters into the first components', () => {
    // Untuned, the first four components are noise.
    const { history } = fitProjection({ vectors, relations }, { ...fast, steps: 100, dimensions: [4] })
    expect(history[0]?.score).toBeLessThan(0.15)
    expect(Math.max(...history.map(({ score }) => score))).toBeGreaterThan(0.3)
  })

  test('the same seed gives the same matrix, to the bit', () => {
    const run = (seed: number) => fitProjection({ vectors, relations }, { ...fast, steps: 20, seed }).matrix
    expect(run(1)).toEqual(run(1))
    expect(run(2)).not.toEqual(run(1))
  })

  test('where nothing can be learned, the identity stays', () => {
    const random = seededRandom(9)
    const meaningless = labels.map(() => `kind ${random.below(20)}`)
    const data = { vectors, relations: relationsFromLabels(meaningless, random) }
    // A rate of zero cannot be better than the untuned encoder.
    const { chosen, matrix } = fitProjection(data, { ...fast, learningRate: 0 })
    expect(chosen).toBe(0)
    expect([...matrix].filter((element) => element !== 0)).toEqual(Array(length).fill(1))
  })

  test('titles say what few pairs leave open', () => {
    const { areRelated } = relations
    const pairs = labels.slice(0, 40).map((_, item): [number, number] => [item, (item + 20) % 40])
    const score = (titles?: string[]) => {
      const { history } = fitProjection({ vectors, relations: { pairs, areRelated }, titles }, fast)
      return Math.max(...history.map(({ score }) => score))
    }
    const without = score()
    const withTitles = score(labels.map((label, item) => `${label.replace(' ', '')} number ${item}`))
    console.log(`held-out nDCG@5: ${without.toFixed(3)} from pairs, ${withTitles.toFixed(3)} with titles`)
    expect(withTitles).toBeGreaterThan(without + 0.02)
  })

  test('vectors of titles by a text tower do so, too', () => {
    const { areRelated } = relations
    const pairs = labels.slice(0, 40).map((_, item): [number, number] => [item, (item + 20) % 40])
    // As of SigLIP: beside what the pictures say, all texts share a direction of their own.
    const titleVectors = labels.map((_, item) => {
      const alike = vectors.filter((_, other) => other % 20 === item % 20)
      return normalize(
        Array.from(vectors[0] as Float32Array, (_, at) => mean(alike, at) + (at === 0 ? 0.5 : 0)),
      )
    })
    const score = (more: { titleVectors?: Float32Array[] }) => {
      const data = { vectors, relations: { pairs, areRelated }, titles: labels, ...more }
      const { history } = fitProjection(data, { ...fast, titleWeight: more.titleVectors ? 1 : 0 })
      return Math.max(...history.map(({ score }) => score))
    }
    const [without, withTower] = [score({}), score({ titleVectors })]
    console.log(
      `held-out nDCG@5: ${without.toFixed(3)} from pairs, ${withTower.toFixed(3)} with a text tower`,
    )
    expect(withTower).toBeGreaterThan(without + 0.02)
  })

  test.each<[string, () => unknown, string]>([
    ['no pairs', () => fitProjection({ vectors, relations: relationsFromPairs([]) }), '0 pairs'],
    [
      'too many dimensions',
      () => fitProjection({ vectors, relations }, { dimensions: [13] }),
      'between 1 and 12',
    ],
    [
      'vectors of two lengths',
      () => fitProjection({ vectors: [...vectors, new Float32Array(3)], relations }),
      '12 and 3 components',
    ],
  ])('%s: an error that says so', (_, fit, message) => {
    expect(fit).toThrow(message)
  })
})

function mean(rows: readonly Float32Array[], at: number): number {
  return rows.reduce((sum, row) => sum + (row[at] as number), 0) / rows.length
}

describe('relations', () => {
  test('titles: alike are those that share their rare words', () => {
    const titles = [
      'red oak chair',
      'Oak chair, red!',
      'blue oak chair',
      'glass lamp',
      'glass lamp shade',
      undefined,
    ]
    const { pairs, areRelated } = relationsFromTitles([...titles, ...Array(9).fill('chair of steel')], 2)
    expect(pairs).toContainEqual([0, 1])
    expect(pairs).toContainEqual([3, 4])
    expect([areRelated(0, 3), areRelated(1, 0), areRelated(5, 5), areRelated(6, 14)]).toEqual([
      false,
      true,
      false,
      true,
    ])
    expect(new Set(pairs.map(String)).size).toBe(pairs.length)
    expect(pairs.every(([a, b]) => a < b && areRelated(a, b))).toBe(true)
  })

  test('labels: every pair has one label, none occurs twice, and small kinds are complete', () => {
    const small = ['a', 'b', 'a', undefined, 'a', 'b', 'c', 'a']
    const { pairs, areRelated } = relationsFromLabels(small, seededRandom(1))
    expect(pairs.every(([a, b]) => small[a] === small[b])).toBe(true)
    expect(new Set(pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)].join()))).toHaveProperty(
      'size',
      pairs.length,
    )
    expect(pairs).toHaveLength((4 * 3) / 2 + 1)
    expect([areRelated(0, 7), areRelated(0, 1), areRelated(3, 3)]).toEqual([true, false, false])
  })

  test('a large kind has about perItem pairs per item', () => {
    const { pairs } = relationsFromLabels(Array(500).fill('all'), seededRandom(1), 6)
    expect(pairs).toHaveLength(1500)
  })

  test('held-out items are in no training pair', () => {
    const { training, heldOut } = holdOut(relations.pairs, 0.2, seededRandom(4))
    const seen = new Set(training.flat())
    expect(heldOut).toHaveLength(48)
    expect(heldOut.filter((item) => seen.has(item))).toEqual([])
  })
})

test('words of titles, in any script, and their vectors', () => {
  expect(wordsOf('Sofa-Bett, 3-Sitzer „Grün“ हिन्दी')).toEqual([
    'sofa',
    'bett',
    '3',
    'sitzer',
    'grün',
    'हिन्दी',
  ])
  const vocabulary = makeVocabulary(['red chair', 'blue chair', 'red table'])
  expect([...vocabulary.words.keys()]).toEqual(['red', 'chair'])
  expect(knownWords('Red red lamp', vocabulary)).toEqual([0])
  const words = { rows: 2, columns: 2, data: Float64Array.of(1, 0, 0, 1) }
  const weight = Math.log(1 + 3 / 2)
  expect([...embedTitles([[0, 1], [1]], words, vocabulary).data]).toEqual([weight, weight, 0, weight])
})
