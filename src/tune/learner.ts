import { type SeededRandom, shuffledIndices } from '../measure/statistics/seeded-random.js'
import { Adam } from './adam.js'
import { fitLogitScale, type LogitScale } from './logit-scale.js'
import { addTransposedProduct, type Matrix, multiplyTransposed, rowsOf, zeros } from './matrix.js'
import type { ProjectionParameters } from './projection-parameters.js'
import { sigmoidLoss } from './sigmoid-loss.js'
import type { TitleSide } from './title-side.js'

export type Pair = readonly [number, number]

interface LearnerParts {
  readonly vectors: Matrix
  readonly parameters: ProjectionParameters
  readonly pairs: readonly Pair[]
  readonly areRelated: (a: number, b: number) => boolean
  readonly titles: TitleSide | null
  readonly dimensions: readonly number[]
  readonly batchSize: number
  readonly learningRate: number
  readonly titleWeight: number
  readonly random: SeededRandom
}

/** The projection with everything that is learned beside it: temperatures, biases and the words of titles. */
export class Learner {
  readonly #parts: LearnerParts
  readonly #nextPairs: () => Pair[]
  readonly #nextTitled: () => number[]
  #pairScale: LearnedScale | null = null
  #titleScale: LearnedScale | null = null

  constructor(parts: LearnerParts) {
    const { pairs, titles, batchSize, random } = parts
    this.#parts = parts
    this.#nextPairs = batches(pairs, batchSize, random)
    this.#nextTitled = batches(titles?.items ?? [], batchSize, random)
  }

  /** The projected vectors of these items as they are now. */
  projected(items: readonly number[]): Matrix {
    return multiplyTransposed(rowsOf(this.#parts.vectors, items), this.#parts.parameters.matrix())
  }

  /** Learns from one batch of pairs and, where there are titles, one of pictures with titles. Returns the loss. */
  step(): number {
    const { vectors, parameters, titles, titleWeight, learningRate } = this.#parts
    const gradient = zeros(parameters.matrix().rows, vectors.columns)
    let loss = this.#learnPairs(this.#nextPairs(), gradient)
    const titled = this.#nextTitled()
    if (titles && titled.length > 0) loss += titleWeight * this.#learnTitles(titled, titles, gradient)
    parameters.step(gradient, learningRate)
    return loss
  }

  /** Compares the items of the pairs with each other, each once: repeated ones would count as more than they are. */
  #learnPairs(batch: readonly Pair[], gradient: Matrix): number {
    const { parameters, areRelated, dimensions, learningRate } = this.#parts
    const items = [...new Set(batch.flat())]
    // An item beside itself says nothing: its cosine is 1 whatever is learned.
    const targets = compare(items, (a, b) => (a === b ? 0 : areRelated(a, b) ? 1 : -1))
    const vectors = rowsOf(this.#parts.vectors, items)
    const projected = multiplyTransposed(vectors, parameters.matrix())
    this.#pairScale ??= new LearnedScale(fitLogitScale(projected, projected, targets))
    const learned = sigmoidLoss(projected, projected, targets, this.#pairScale.value, dimensions)
    // Each picture is on both sides, with the same gradient.
    addTransposedProduct(gradient, scaled(learned.left, 2), vectors)
    this.#pairScale.step(learned, learningRate)
    return learned.loss
  }

  #learnTitles(items: readonly number[], titles: TitleSide, gradient: Matrix): number {
    const { parameters, areRelated, dimensions, learningRate, titleWeight } = this.#parts
    const match = (a: number, b: number) => a === b || titles.areAlike(a, b) || areRelated(a, b)
    const targets = compare(items, (a, b) => (match(a, b) ? 1 : -1))
    const pictures = rowsOf(this.#parts.vectors, items)
    const projected = multiplyTransposed(pictures, parameters.matrix())
    const embedded = titles.embed(items)
    this.#titleScale ??= new LearnedScale(fitLogitScale(projected, embedded, targets))
    const learned = sigmoidLoss(projected, embedded, targets, this.#titleScale.value, dimensions)
    addTransposedProduct(gradient, scaled(learned.left, titleWeight), pictures)
    titles.step(items, learned.right, learningRate)
    this.#titleScale.step(learned, learningRate)
    return learned.loss
  }
}

/** They move faster than the projection, for they are two numbers only. */
const scaleSpeed = 10

/** Temperature and bias of one loss. */
class LearnedScale {
  readonly #numbers: Float64Array
  readonly #optimizer: Adam

  constructor({ logTemperature, bias }: LogitScale) {
    this.#numbers = Float64Array.of(logTemperature, bias)
    this.#optimizer = new Adam(this.#numbers)
  }

  get value(): LogitScale {
    const [logTemperature = 0, bias = 0] = this.#numbers
    return { logTemperature, bias }
  }

  step({ logTemperature, bias }: LogitScale, learningRate: number): void {
    this.#optimizer.step([logTemperature, bias], scaleSpeed * learningRate)
  }
}

function scaled(matrix: Matrix, factor: number): Matrix {
  return { ...matrix, data: matrix.data.map((value) => factor * value) }
}

/** Goes through the examples in random order, again and again; a batch never has one twice. */
function batches<T>(examples: readonly T[], size: number, random: SeededRandom): () => T[] {
  let order = shuffledIndices(examples.length, random)
  let at = 0
  return () => {
    if (at + size > order.length) {
      order = shuffledIndices(examples.length, random)
      at = 0
    }
    const batch = order.subarray(at, at + size)
    at += size
    return Array.from(batch, (index) => examples[index] as T)
  }
}

function compare(items: readonly number[], target: (left: number, right: number) => -1 | 0 | 1): Int8Array {
  const targets = new Int8Array(items.length ** 2)
  for (const [row, left] of items.entries()) {
    for (const [column, right] of items.entries()) targets[row * items.length + column] = target(left, right)
  }
  return targets
}
