import { addTransposedProduct, type Matrix, multiplyTransposed, rowsOf, zeros } from './matrix.js'
import { linearParameters, type ProjectionParameters } from './projection-parameters.js'
import type { TitleSide } from './title-side.js'

export interface TowerTitlesOptions {
  /** By item: the title, and its vector from the text tower, where it has one. */
  readonly titles: readonly (string | undefined)[]
  readonly vectors: Matrix
  /** Vectors of the pictures, of the same length. */
  readonly pictures: Matrix
  readonly items: readonly number[]
  /** Length of what the projection gives. */
  readonly length: number
  /** Pull of the title side's own projection towards the identity. */
  readonly decay: number
}

/**
 * Titles as the text tower of the encoder embeds them. The tower is frozen; a projection of its vectors is learned
 * beside that of the pictures and thrown away. Two towers keep their vectors in two parts of the space (W. Liang et
 * al.: Mind the Gap, NeurIPS 2022), to bridge which the projections would have to forget other things: the mean of the
 * titles is moved to that of the pictures first.
 */
export class TowerTitles implements TitleSide {
  readonly items: readonly number[]
  readonly #titles: readonly (string | undefined)[]
  readonly #vectors: Matrix
  readonly #parameters: ProjectionParameters

  constructor({ titles, vectors, pictures, items, length, decay }: TowerTitlesOptions) {
    this.items = items
    this.#titles = titles
    this.#vectors = moved(vectors, items, meanOf(vectors, items), meanOf(pictures, items))
    this.#parameters = linearParameters(length, vectors.columns, decay)
  }

  embed(items: readonly number[]): Matrix {
    return multiplyTransposed(rowsOf(this.#vectors, items), this.#parameters.matrix())
  }

  areAlike(a: number, b: number): boolean {
    return this.#titles[a] === this.#titles[b]
  }

  step(items: readonly number[], gradient: Matrix, learningRate: number): void {
    const slope = zeros(gradient.columns, this.#vectors.columns)
    addTransposedProduct(slope, gradient, rowsOf(this.#vectors, items))
    this.#parameters.step(slope, learningRate)
  }
}

function meanOf({ data, columns }: Matrix, rows: readonly number[]): Float64Array {
  const mean = new Float64Array(columns)
  for (const row of rows) {
    for (let column = 0; column < columns; column++) {
      mean[column] = (mean[column] as number) + (data[row * columns + column] as number) / rows.length
    }
  }
  return mean
}

function moved(
  { rows, columns, data }: Matrix,
  items: readonly number[],
  from: Float64Array,
  to: Float64Array,
): Matrix {
  const target = zeros(rows, columns)
  for (const row of items) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      target.data[at] = (data[at] as number) - (from[column] as number) + (to[column] as number)
    }
  }
  return target
}
