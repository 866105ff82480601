import { seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { publish, type Row } from '../results-file.js'
import { measureNearDuplicates } from './near-duplicates.js'
import { type SetName, setsArePresent } from './quality-sets.js'
import { meanOf } from './quality-systems.js'
import { QualityEncoder } from './quality-vectors.js'
import { centeredBy, type Labelled, ndcg5, shareOfKind } from './score-statistics.js'

/** The bands of photo search: sets of photos, with the gallery where it is another split. */
const bandSets: readonly (readonly [SetName, string?])[] = [['clothing'], ['caltech'], ['grocery', 'iconic']]
const sets: readonly SetName[] = ['furniture', 'caltech', 'clothing', 'grocery', 'fashion']
const sizes = [10, 30, 50, 100, 300]
const moves = [0.05, 0.1, 0.15, 0.2, 0.3]

if (setsArePresent) await measure()
else console.log('The labelled sets are not on this machine: thresholds are not measured.')

async function measure(): Promise<void> {
  const encoder = await QualityEncoder.open('int8')
  const rows: Row[] = []
  for (const [set, gallery] of bandSets) {
    const queries = await encoder.readLabelled(set, 'test')
    rows.push(...bandRows(set, queries, gallery ? await encoder.readLabelled(set, gallery) : queries))
  }
  const pictures = new Map<SetName, Labelled[]>()
  for (const set of sets) pictures.set(set, await encoder.readLabelled(set, 'test'))
  for (const [set, all] of pictures) rows.push(...smallCatalogueRows(set, all))
  rows.push(...movedMeanRows(pictures))
  rows.push(...(await measureNearDuplicates(encoder, pictures)))
  await encoder.close()
  publish('thresholds', rows, {}, 'none: onnxruntime-node, 2 threads')
}

/** Of the twelve nearest, in steps of 0.05 of the score, how many are of the query's kind. */
function bandRows(set: SetName, queries: readonly Labelled[], gallery: readonly Labelled[]): Row[] {
  const mean = meanOf(gallery.map(({ vector }) => vector))
  const sample = everyNth(queries, 800)
  return (['plain', 'centered'] as const).map((how): Row => {
    const of = how === 'plain' ? (pictures: readonly Labelled[]) => pictures : centeredBy(mean)
    const shares = shareOfKind(of(sample), of(gallery), { nearest: 12, step: 0.05 })
    const text = shares.map(
      ({ least, share, count }) => `${least.toFixed(2)}: ${Math.round(100 * share)} % of ${count}`,
    )
    return { what: `${set}, ${how}: same kind by score`, value: text.join(', ') }
  })
}

/** Catalogues of so many pictures, drawn from a set: centered on their own mean against plain. */
function smallCatalogueRows(set: SetName, all: readonly Labelled[]): Row[] {
  const random = seededRandom(1)
  return sizes.map((size): Row => {
    const repeats = Math.max(8, Math.min(400, Math.floor(6000 / size)))
    const sums = { plain: 0, centered: 0, queries: 0 }
    for (let repeat = 0; repeat < repeats; repeat++) {
      const chosen = new Set<Labelled>()
      while (chosen.size < size) chosen.add(all[random.below(all.length)] as Labelled)
      const pictures = [...chosen]
      const plain = ndcg5(pictures)
      sums.plain += plain.sum
      sums.queries += plain.queries
      sums.centered += ndcg5(centeredBy(meanOf(pictures.map(({ vector }) => vector)))(pictures)).sum
    }
    const value = `${(sums.plain / sums.queries).toFixed(4)}, ${percent(sums.centered / sums.plain)}`
    return { what: `${set}: nDCG@5 in catalogues of ${size}, plain, and centered`, value }
  })
}

/** Sets centered on a mean that is not theirs, but has moved towards that of another set. */
function movedMeanRows(pictures: ReadonlyMap<SetName, readonly Labelled[]>): Row[] {
  const means = new Map(
    Array.from(pictures, ([set, all]) => [set, meanOf(all.map(({ vector }) => vector))] as const),
  )
  return Array.from(pictures, ([set, all]): Row => {
    const sample = everyNth(all, 500)
    const own = means.get(set) as Float32Array
    const plain = ndcg5(sample).sum
    const changes = moves.map((move) => {
      const ratios = [...means]
        .filter(([other]) => other !== set)
        .map(([, mean]) => {
          const distance = Math.hypot(...mean.map((x, axis) => x - (own[axis] as number)))
          const moved = own.map((x, axis) => x + (((mean[axis] as number) - x) * move) / distance)
          return ndcg5(centeredBy(moved)(sample)).sum / plain
        })
      return `${move}: ${percent(Math.min(...ratios))}`
    })
    const still = percent(ndcg5(centeredBy(own)(sample)).sum / plain)
    return {
      what: `${set}: nDCG@5 against plain, mean moved by (worst)`,
      value: `0: ${still}, ${changes.join(', ')}`,
    }
  })
}

function everyNth<T>(list: readonly T[], most: number): T[] {
  const step = Math.ceil(list.length / most)
  return list.filter((_, index) => index % step === 0)
}

function percent(ratio: number): string {
  const change = (ratio - 1) * 100
  return `${change < 0 ? '' : '+'}${change.toFixed(2)} %`
}
