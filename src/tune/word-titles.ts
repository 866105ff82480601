import { Adam } from './adam.js'
import { type Matrix, zeros } from './matrix.js'
import type { TitleSide } from './title-side.js'
import { addWordGradients, embedTitles, knownWords, makeVocabulary, type Vocabulary } from './word-vectors.js'

/** The text tower of a team that has none: a vector per word, learned together with the projection. */
export class WordTitles implements TitleSide {
  /** Those whose title has a known word. */
  readonly items: readonly number[]
  readonly #words: ReadonlyMap<number, readonly number[]>
  readonly #keys: ReadonlyMap<number, string>
  readonly #vocabulary: Vocabulary
  readonly #vectors: Matrix
  readonly #optimizer: Adam

  /**
   * A word starts as the mean of the pictures that have it, so that a title starts near its picture.
   * @param vectors of the items, as long as those that the projection gives.
   * @param items those that may be learned from.
   */
  constructor(titles: readonly (string | undefined)[], vectors: Matrix, items: readonly number[]) {
    this.#vocabulary = makeVocabulary(items.flatMap((item) => titles[item] ?? []))
    const words = new Map<number, readonly number[]>()
    for (const item of items) {
      const known = knownWords(titles[item] ?? '', this.#vocabulary)
      if (known.length > 0) words.set(item, known)
    }
    this.#words = words
    this.#keys = new Map([...words].map(([item, known]) => [item, known.toSorted((a, b) => a - b).join(' ')]))
    this.items = [...words.keys()]
    this.#vectors = meanOfPictures(words, vectors, this.#vocabulary.words.size)
    this.#optimizer = new Adam(this.#vectors.data)
  }

  embed(items: readonly number[]): Matrix {
    return embedTitles(this.#wordsOf(items), this.#vectors, this.#vocabulary)
  }

  /** Whether they have the same known words. */
  areAlike(a: number, b: number): boolean {
    return this.#keys.get(a) === this.#keys.get(b)
  }

  step(items: readonly number[], gradient: Matrix, learningRate: number): void {
    const wordGradient = zeros(this.#vectors.rows, this.#vectors.columns)
    addWordGradients(wordGradient, this.#wordsOf(items), gradient, this.#vocabulary)
    this.#optimizer.step(wordGradient.data, learningRate)
  }

  #wordsOf(items: readonly number[]): (readonly number[])[] {
    return items.map((item) => this.#words.get(item) ?? [])
  }
}

function meanOfPictures(
  words: ReadonlyMap<number, readonly number[]>,
  pictures: Matrix,
  count: number,
): Matrix {
  const { columns } = pictures
  const means = zeros(count, columns)
  const occurrences = new Float64Array(count)
  for (const [item, known] of words) {
    for (const word of known) {
      occurrences[word] = (occurrences[word] as number) + 1
      for (let column = 0; column < columns; column++) {
        const at = word * columns + column
        means.data[at] = (means.data[at] as number) + (pictures.data[item * columns + column] as number)
      }
    }
  }
  return {
    ...means,
    data: means.data.map((sum, index) => sum / (occurrences[Math.floor(index / columns)] as number)),
  }
}
