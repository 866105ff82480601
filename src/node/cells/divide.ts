import { decodeVector, type EncodedVectors, encodeVectors } from '../../vectors/encoded-vectors.js'
import { clusterDirections, nearestCenters, pickRows, type UnitRows } from './spherical-clusters.js'

/** The rows of a catalogue in cells of similar ones. */
export interface Cells {
  /** In 8 bits: the direction of every cell. */
  readonly centroids: EncodedVectors
  /** The number of the cell of every row: that whose centroid is nearest. */
  readonly cellOf: Uint32Array
}

/** A cell with so many times the rows of an average one is divided: a page loads all of it. */
const largestShare = 3

/**
 * Divides vectors into about so many cells; none is empty. The same vectors give the same cells everywhere.
 * @param count of cells, at least 1.
 */
export function divide(vectors: EncodedVectors, count: number): Cells {
  const rows = unitRows(vectors)
  const { dimensions } = vectors
  const parts = splitLarge(rows, clusterDirections(rows, count))
  // As pages will read them, so that both sides choose alike.
  const rounded = rounding(parts)
  const nearest = nearestCenters(rows, unitRows(rounded))
  const used = [...new Set(nearest)].sort((a, b) => a - b)
  const numberOf = new Map(used.map((center, number) => [center, number]))
  const centroids = rounding(pickRows(parts, used))
  return {
    centroids: { ...centroids, dimensions },
    cellOf: nearest.map((center) => numberOf.get(center) ?? 0),
  }
}

/** How many cells a catalogue has that says nothing else: some hundred where it is large. */
export function cellsFor(rows: number): number {
  return Math.min(1000, Math.max(1, Math.round(Math.sqrt(rows))))
}

/** The centers, with those of cells that are too large divided in two, until none is or they cannot be. */
function splitLarge(rows: UnitRows, centers: UnitRows): UnitRows {
  const most = Math.ceil((largestShare * rows.count) / centers.count)
  const members: number[][] = Array.from({ length: centers.count }, () => [])
  for (const [row, center] of nearestCenters(rows, centers).entries()) members[center]?.push(row)
  const directions: UnitRows[] = []
  const waiting = members.map((indices, center) => ({ indices, direction: pickRows(centers, [center]) }))
  for (let cell = waiting.pop(); cell; cell = waiting.pop()) {
    const halves = cell.indices.length > most ? halve(rows, cell.indices) : []
    if (halves.length > 1) waiting.push(...halves)
    else directions.push(cell.direction)
  }
  const data = new Float32Array(directions.length * rows.dimensions)
  for (const [at, direction] of directions.entries()) data.set(direction.data, at * rows.dimensions)
  return { count: directions.length, dimensions: rows.dimensions, data }
}

/** Fewer than two where the rows are all the same. */
function halve(rows: UnitRows, indices: readonly number[]): { indices: number[]; direction: UnitRows }[] {
  const own = pickRows(rows, indices)
  const centers = clusterDirections(own, 2)
  const halves = Array.from({ length: centers.count }, (_, center) => {
    return { indices: [] as number[], direction: pickRows(centers, [center]) }
  })
  for (const [at, center] of nearestCenters(own, centers).entries()) {
    halves[center]?.indices.push(indices[at] as number)
  }
  return halves.filter(({ indices }) => indices.length > 0)
}

function rounding({ count, dimensions, data }: UnitRows): EncodedVectors {
  const directions = Array.from({ length: count }, (_, row) =>
    data.subarray(row * dimensions, (row + 1) * dimensions),
  )
  return encodeVectors(directions, dimensions, 'int8')
}

function unitRows(vectors: EncodedVectors): UnitRows {
  const { count, dimensions } = vectors
  if (vectors.format === 'float32') return { count, dimensions, data: vectors.data }
  const data = new Float32Array(count * dimensions)
  for (let row = 0; row < count; row++) data.set(decodeVector(vectors, row), row * dimensions)
  return { count, dimensions, data }
}
