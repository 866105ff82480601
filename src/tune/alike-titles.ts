import type { Relations } from './relations.js'
import { knownWords, makeVocabulary, type Vocabulary } from './word-vectors.js'

/** Titles are alike from this cosine of their words on. */
const leastLikeness = 0.5
/** Words that more titles have find nothing by themselves, in number and share; they still count in the cosine. */
const common = { count: 500, share: 0.1 }

/**
 * Items with alike titles: the cosine of their words, weighted by how rare they are, is at least a half. Each is
 * paired with up to `perItem` of those that are most alike.
 * @param titles one per item; items without belong to nothing.
 */
export function relationsFromTitles(titles: readonly (string | undefined)[], perItem = 8): Relations {
  const vocabulary = makeVocabulary(titles.flatMap((title) => title ?? []))
  const words = titles.map((title) => unitWords(title ?? '', vocabulary))
  const likeness = (a: number, b: number) => {
    const [few, many] = [words[a] as UnitWords, words[b] as UnitWords]
    let cosine = 0
    for (const [word, weight] of few) cosine += weight * (many.get(word) ?? 0)
    return cosine
  }
  const having = itemsByWord(words)
  const most = Math.max(common.count, common.share * titles.length)
  const pairs = new Map<string, [number, number]>()
  for (const [item, known] of words.entries()) {
    const others = new Set<number>()
    for (const word of known.keys()) {
      const items = having.get(word) as number[]
      if (items.length <= most) for (const other of items) if (other !== item) others.add(other)
    }
    const alike = Array.from(others, (other) => ({ other, cosine: likeness(item, other) }))
      .filter(({ cosine }) => cosine >= leastLikeness)
      .sort((a, b) => b.cosine - a.cosine || a.other - b.other)
    for (const { other } of alike.slice(0, perItem)) {
      const pair: [number, number] = item < other ? [item, other] : [other, item]
      pairs.set(pair.join(), pair)
    }
  }
  return { pairs: [...pairs.values()], areRelated: (a, b) => likeness(a, b) >= leastLikeness }
}

/** Weight by word; the squares sum to 1. */
type UnitWords = ReadonlyMap<number, number>

function unitWords(title: string, vocabulary: Vocabulary): UnitWords {
  const known = knownWords(title, vocabulary)
  const norm = Math.hypot(...known.map((word) => vocabulary.weights[word] as number))
  return new Map(known.map((word) => [word, (vocabulary.weights[word] as number) / norm]))
}

function itemsByWord(words: readonly UnitWords[]): Map<number, number[]> {
  const having = new Map<number, number[]>()
  for (const [item, known] of words.entries()) {
    for (const word of known.keys()) {
      const items = having.get(word)
      if (items) items.push(item)
      else having.set(word, [item])
    }
  }
  return having
}
