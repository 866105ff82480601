import { normalize } from '../../../src/vectors/normalize.js'
import type { Row } from '../results-file.js'
import type { SetName } from './quality-sets.js'
import { meanOf } from './quality-systems.js'
import { dotProduct, type Labelled, ndcg5Each } from './score-statistics.js'

/** Pictures that are asked about, and those that are looked through: the same for lists of similar items. */
interface Task {
  readonly name: string
  readonly queries: readonly Labelled[]
  readonly gallery: readonly Labelled[]
}

/** Takes what is asked about (`true`) or looked through to what is compared. `mean` is that of the gallery. */
type Way = (vector: Float32Array, mean: Float32Array, isQuery: boolean) => Float32Array

/** Ways of taking out what all pictures of a catalogue have in common. */
const ways: Readonly<Record<string, Way>> = {
  'the mean': (vector, mean) => less(vector, mean, 1),
  'half of it': (vector, mean) => less(vector, mean, 0.5),
  'its direction': (vector, mean) => less(vector, mean, shareOf(vector, mean)),
  'the mean, of the gallery alone': (vector, mean, isQuery) => (isQuery ? vector : less(vector, mean, 1)),
  'the mean, of queries its direction': (vector, mean, isQuery) =>
    less(vector, mean, isQuery ? shareOf(vector, mean) : 1),
}

/** What each way does to nDCG@5, for lists of similar items and for photos against the clean pictures of a shop. */
export function centeringRows(
  sets: ReadonlyMap<SetName, readonly Labelled[]>,
  iconic: readonly Labelled[],
): Row[] {
  const of = (set: SetName) => sets.get(set) ?? []
  const lists = Array.from(sets, ([name, pictures]): Task => ({ name, queries: pictures, gallery: pictures }))
  const clothes = of('clothing').flatMap((picture) => relabelled(picture, clothesKinds[picture.label]))
  const fashion = of('fashion').map((picture) => ({
    ...picture,
    label: fashionKinds[picture.label] ?? picture.id,
  }))
  const shop = [...of('fashion').slice(0, 300), ...of('furniture').slice(0, 300)]
  const photos: Task[] = [
    { name: 'photos of groceries to their clean pictures', queries: of('grocery'), gallery: iconic },
    { name: 'the same among 600 others', queries: of('grocery'), gallery: [...iconic, ...shop] },
    { name: 'photos of clothes to a fashion catalogue', queries: clothes, gallery: fashion },
  ]
  return [...lists, ...photos].flatMap((task) => taskRows({ ...task, queries: sample(task.queries) }))
}

/** About as many queries of each, spread over the set. */
const mostQueries = 600

function sample(queries: readonly Labelled[]): readonly Labelled[] {
  const step = Math.ceil(queries.length / mostQueries)
  return queries.filter((_, index) => index % step === 0)
}

function taskRows({ name, queries, gallery }: Task): Row[] {
  const mean = meanOf(gallery.map(({ vector }) => vector))
  const by = (pictures: readonly Labelled[], way: Way, isQuery: boolean) =>
    pictures.map((picture) => ({ ...picture, vector: way(picture.vector, mean, isQuery) }))
  const plain = ndcg5Each(queries, gallery)
  const start: Row = {
    what: `${name}: nDCG@5, plain; pictures looked through, length of their mean`,
    value: `${average(plain).toFixed(4)}; ${gallery.length}, ${Math.hypot(...mean).toFixed(2)}`,
  }
  const rows = Object.entries(ways).map(([way, take]): Row => {
    const scores = ndcg5Each(by(queries, take, true), by(gallery, take, false))
    return { what: `${name}: less ${way}`, value: change(plain, scores) }
  })
  return [start, ...rows]
}

/** The relative change of the mean, and the half width of its 95 % interval, query by query. */
function change(before: readonly number[], after: readonly number[]): string {
  const differences = after.map((score, query) => score - (before[query] as number))
  const difference = average(differences)
  const variance = average(differences.map((value) => (value - difference) ** 2))
  const percent = (value: number) => ((100 * value) / average(before)).toFixed(2)
  const sign = difference < 0 ? '' : '+'
  return `${sign}${percent(difference)} % ± ${percent(1.96 * Math.sqrt(variance / differences.length))}`
}

function less(vector: Float32Array, mean: Float32Array, share: number): Float32Array {
  return normalize(vector.map((component, axis) => component - share * (mean[axis] as number)))
}

/** How much of the mean a vector has: 1 on average over the pictures that the mean is of. */
function shareOf(vector: Float32Array, mean: Float32Array): number {
  return dotProduct(vector, mean) / dotProduct(mean, mean)
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function relabelled(picture: Labelled, label: string | undefined): Labelled[] {
  return label === undefined ? [] : [{ ...picture, label }]
}

/** Kinds of clothes that both sets have, by what each calls them. */
const clothesKinds: Readonly<Record<string, string>> = {
  Shoes: 'shoes',
  'T-Shirt': 't-shirt',
  Pants: 'trousers',
  Shorts: 'shorts',
  Dress: 'dress',
  Outwear: 'jacket',
  Hat: 'cap',
  Shirt: 'shirt',
  Hoodie: 'sweatshirt',
  Undershirt: 'vest',
  Top: 'top',
  Skirt: 'skirt',
}
const fashionKinds: Readonly<Record<string, string>> = {
  'Casual Shoes': 'shoes',
  'Sports Shoes': 'shoes',
  'Formal Shoes': 'shoes',
  Heels: 'shoes',
  Flats: 'shoes',
  Sandals: 'shoes',
  'Flip Flops': 'shoes',
  Tshirts: 't-shirt',
  Trousers: 'trousers',
  Jeans: 'trousers',
  'Track Pants': 'trousers',
  Shorts: 'shorts',
  Dresses: 'dress',
  Jackets: 'jacket',
  Caps: 'cap',
  Shirts: 'shirt',
  Sweatshirts: 'sweatshirt',
  'Innerwear Vests': 'vest',
  Tops: 'top',
  Skirts: 'skirt',
}
