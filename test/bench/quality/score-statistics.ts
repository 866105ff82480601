import { normalize } from '../../../src/vectors/normalize.js'

export interface Labelled {
  readonly id: string
  readonly label: string
  readonly vector: Float32Array
}

/** Subtracts the mean from vectors and normalises what is left. */
export function centeredBy(mean: Float32Array): (pictures: readonly Labelled[]) => Labelled[] {
  return (pictures) =>
    pictures.map((picture) => ({
      ...picture,
      vector: normalize(picture.vector.map((component, axis) => component - (mean[axis] as number))),
    }))
}

export function dotProduct(a: Float32Array, b: Float32Array): number {
  let dot = 0
  for (let axis = 0; axis < a.length; axis++) dot += (a[axis] as number) * (b[axis] as number)
  return dot
}

/** nDCG@5, summed over the pictures that have another of their label, each against all others. */
export function ndcg5(pictures: readonly Labelled[]): { readonly sum: number; readonly queries: number } {
  const scores = ndcg5Each(pictures, pictures)
  return { sum: scores.reduce((sum, score) => sum + score, 0), queries: scores.length }
}

/** nDCG@5 of every query that has another picture of its label in the gallery. */
export function ndcg5Each(queries: readonly Labelled[], gallery: readonly Labelled[]): number[] {
  return queries.flatMap((query) => {
    const others = gallery.filter(({ id }) => id !== query.id)
    const relevant = others.reduce((sum, { label }) => sum + Number(label === query.label), 0)
    if (relevant === 0) return []
    const gain = nearestFive(query, others).reduce((sum, isSame, at) => sum + (isSame ? discount(at) : 0), 0)
    let ideal = 0
    for (let at = 0; at < Math.min(5, relevant); at++) ideal += discount(at)
    return [gain / ideal]
  })
}

/** Whether each of the five nearest has the query's label, best first. */
function nearestFive(query: Labelled, others: readonly Labelled[]): boolean[] {
  const best: { score: number; isSame: boolean }[] = []
  for (const { vector, label } of others) {
    const score = dotProduct(query.vector, vector)
    if (best.length === 5 && score <= (best[4]?.score as number)) continue
    const at = best.findIndex((known) => known.score < score)
    best.splice(at < 0 ? best.length : at, 0, { score, isSame: label === query.label })
    best.length = Math.min(best.length, 5)
  }
  return best.map(({ isSame }) => isSame)
}

/** Of the `nearest` of every query, by steps of the score, best first: how many have its label. */
export function shareOfKind(
  queries: readonly Labelled[],
  gallery: readonly Labelled[],
  { nearest, step }: { readonly nearest: number; readonly step: number },
): { readonly least: number; readonly share: number; readonly count: number }[] {
  const bins = new Map<number, { same: number; count: number }>()
  for (const query of queries) {
    for (const { score, isSame } of ranked(query, gallery).slice(0, nearest)) {
      const bin = Math.floor(score / step + 1e-9)
      const known = bins.get(bin) ?? { same: 0, count: 0 }
      bins.set(bin, { same: known.same + Number(isSame), count: known.count + 1 })
    }
  }
  return [...bins]
    .sort(([a], [b]) => b - a)
    .map(([bin, { same, count }]) => ({ least: bin * step, share: same / count, count }))
}

function ranked(query: Labelled, gallery: readonly Labelled[]): { score: number; isSame: boolean }[] {
  return gallery
    .filter(({ id }) => id !== query.id)
    .map(({ vector, label }) => ({ score: dotProduct(query.vector, vector), isSame: label === query.label }))
    .sort((a, b) => b.score - a.score)
}

const discount = (position: number): number => 1 / Math.log2(position + 2)
