import { type Matrix, zeros } from './matrix.js'

/** The words of titles that occur often enough to be learned. */
export interface Vocabulary {
  readonly words: ReadonlyMap<string, number>
  /** Inverse document frequency by word number: rare words say more. */
  readonly weights: Float64Array
}

/** Lower-case runs of letters and digits, in any script. */
export function wordsOf(title: string): string[] {
  return title.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}

/** The words that at least `least` of the titles have. */
export function makeVocabulary(titles: readonly string[], least = 2): Vocabulary {
  const counts = new Map<string, number>()
  for (const title of titles) {
    for (const word of new Set(wordsOf(title))) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const kept = [...counts].filter(([, count]) => count >= least)
  return {
    words: new Map(kept.map(([word], index) => [word, index])),
    weights: Float64Array.from(kept, ([, count]) => Math.log(1 + titles.length / count)),
  }
}

/** The numbers of a title's known words, each once. */
export function knownWords(title: string, { words }: Vocabulary): number[] {
  return [...new Set(wordsOf(title).flatMap((word) => words.get(word) ?? []))]
}

/** One vector per title: the weighted sum of its words' vectors. Titles have at least one known word. */
export function embedTitles(
  titles: readonly (readonly number[])[],
  vectors: Matrix,
  { weights }: Vocabulary,
): Matrix {
  const { columns } = vectors
  const embedded = zeros(titles.length, columns)
  for (const [row, words] of titles.entries()) {
    for (const word of words) {
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column
        embedded.data[at] =
          (embedded.data[at] as number) +
          (weights[word] as number) * (vectors.data[word * columns + column] as number)
      }
    }
  }
  return embedded
}

/** Adds to the gradient of the words' vectors what the gradient of the titles' vectors gives. */
export function addWordGradients(
  target: Matrix,
  titles: readonly (readonly number[])[],
  titleGradient: Matrix,
  { weights }: Vocabulary,
): void {
  const { columns } = target
  for (const [row, words] of titles.entries()) {
    for (const word of words) {
      for (let column = 0; column < columns; column++) {
        const at = word * columns + column
        target.data[at] =
          (target.data[at] as number) +
          (weights[word] as number) * (titleGradient.data[row * columns + column] as number)
      }
    }
  }
}
