import { seededRandom } from '../../measure/statistics/seeded-random.js'

/** Rows of unit vectors, one after the other. */
export interface UnitRows {
  readonly count: number
  readonly dimensions: number
  /** `[count, dimensions]`. */
  readonly data: Float32Array
}

/** So many rows for every cluster are looked at to place them; more move them little. */
const sampleOfCluster = 64
const rounds = 10

/**
 * The directions of clusters of unit vectors: spherical k-means (Dhillon and Modha 2001) from starts that are far from
 * each other (k-means++, Arthur and Vassilvitskii 2007). The same rows give the same clusters everywhere.
 * @returns unit rows, at most `count`: clusters without a row are left out.
 */
export function clusterDirections(rows: UnitRows, count: number, seed = 1): UnitRows {
  const { dimensions } = rows
  const sample = everyNth(rows, Math.max(1, Math.floor(rows.count / (count * sampleOfCluster))))
  let centers = distantRows(sample, Math.min(count, sample.count), seed)
  for (let round = 0; round < rounds; round++) {
    centers = directionsOf(sample, nearestCenters(sample, centers), centers.count)
  }
  return { ...centers, dimensions }
}

/** The number of the nearest center of every row; of equals the first. */
export function nearestCenters(rows: UnitRows, centers: UnitRows): Uint32Array {
  const nearest = new Uint32Array(rows.count)
  for (let row = 0; row < rows.count; row++) {
    let best = Number.NEGATIVE_INFINITY
    for (let center = 0; center < centers.count; center++) {
      const dot = dotOf(rows, row, centers, center)
      if (dot <= best) continue
      best = dot
      nearest[row] = center
    }
  }
  return nearest
}

/** The rows with these indices. */
export function pickRows({ dimensions, data }: UnitRows, indices: ArrayLike<number>): UnitRows {
  const picked = new Float32Array(indices.length * dimensions)
  for (let at = 0; at < indices.length; at++) {
    const start = (indices[at] as number) * dimensions
    picked.set(data.subarray(start, start + dimensions), at * dimensions)
  }
  return { count: indices.length, dimensions, data: picked }
}

function everyNth(rows: UnitRows, step: number): UnitRows {
  if (step === 1) return rows
  return pickRows(
    rows,
    Array.from({ length: Math.ceil(rows.count / step) }, (_, index) => index * step),
  )
}

/** Rows of which each is drawn in proportion to its distance from those before. */
function distantRows(rows: UnitRows, count: number, seed: number): UnitRows {
  const random = seededRandom(seed)
  const chosen = [random.below(rows.count)]
  const distances = new Float64Array(rows.count).fill(Number.POSITIVE_INFINITY)
  while (chosen.length < count) {
    const last = chosen.at(-1) as number
    let sum = 0
    for (let row = 0; row < rows.count; row++) {
      const distance = Math.max(0, 1 - dotOf(rows, row, rows, last))
      distances[row] = Math.min(distances[row] as number, distance)
      sum += distances[row] as number
    }
    // All rows are among those chosen, or equal to one of them.
    if (sum === 0) break
    let left = random.next() * sum
    let row = 0
    while (row < rows.count - 1 && left >= (distances[row] as number)) left -= distances[row++] as number
    chosen.push(row)
  }
  return pickRows(rows, chosen)
}

/** The normalised sums of the rows of every center. */
function directionsOf(rows: UnitRows, nearest: Uint32Array, count: number): UnitRows {
  const { dimensions, data } = rows
  const sums = new Float64Array(count * dimensions)
  for (let row = 0; row < rows.count; row++) {
    const [from, to] = [row * dimensions, (nearest[row] as number) * dimensions]
    for (let index = 0; index < dimensions; index++) {
      sums[to + index] = (sums[to + index] as number) + (data[from + index] as number)
    }
  }
  const directions: number[] = []
  for (let center = 0; center < count; center++) {
    const sum = sums.subarray(center * dimensions, (center + 1) * dimensions)
    const norm = Math.hypot(...sum)
    if (norm > 0) for (const component of sum) directions.push(component / norm)
  }
  return { count: directions.length / dimensions, dimensions, data: Float32Array.from(directions) }
}

function dotOf(a: UnitRows, row: number, b: UnitRows, other: number): number {
  const { dimensions } = a
  const [first, second] = [a.data, b.data]
  let [at, to] = [row * dimensions, other * dimensions]
  let dot = 0
  for (const end = at + dimensions; at < end; at++, to++) {
    dot += (first[at] as number) * (second[to] as number)
  }
  return dot
}
