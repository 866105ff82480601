import type { Embedding, Space } from '../../types.js'
import { normalize } from '../../vectors/normalize.js'
import { makeSpace } from '../../vectors/space.js'
import { filterValues } from '../filter-values.js'
import { quantize } from '../stored-vector.js'
import type { WrittenRow } from '../vector-engine.js'

export interface ConformanceData {
  readonly space: Space
  /** Of the same length, but made by another model. */
  readonly otherSpace: Space
  readonly rows: readonly WrittenRow[]
  /** Vectors of no row, near some. */
  readonly queries: readonly Embedding[]
}

/** Attributes with the share of rows that have the value `yes`. */
export const shares = { half: 0.5, twentieth: 0.05, two_hundredth: 0.005, two_thousandth: 0.0005 } as const

/** The model in whose name the rows are written: how such spaces are known again. */
export const conformanceModel = 'conformance'

/** Rows in clusters, as pictures of products are, the same on every machine. */
export function madeRows(count: number, dimensions: number): ConformanceData {
  const random = generator(7)
  const parts = { model: conformanceModel, preprocessing: 'made', projection: null, dimensions }
  const space = makeSpace(parts)
  const centers = Array.from({ length: Math.ceil(count / 40) }, () => direction(random, dimensions))
  const near = (spread: number) => {
    const center = centers[Math.floor(random() * centers.length)] as Float32Array
    return normalize(center.map((component) => component + spread * gaussian(random)))
  }
  // Shuffled, so that a value says nothing about where in the space its rows are.
  const places = shuffled(count, random)
  const rows = Array.from({ length: count }, (_, index): WrittenRow => {
    const place = places[index] as number
    const marks = Object.entries(shares).map(([name, share]) => [
      name,
      place < Math.ceil(share * count) ? 'yes' : 'no',
    ])
    const product = {
      id: `row-${index}`,
      title: `Row ${index}`,
      image_link: `https://shop.example/${index}.jpg`,
      price: `${place}.50 EUR`,
      ...Object.fromEntries(marks),
    }
    return {
      id: product.id,
      group: index % 10 === 0 ? `group-${Math.floor(index / 50)}` : null,
      vector: quantize(near(0.6 / Math.sqrt(dimensions))),
      product,
      values: filterValues(product),
      version: `1-${index}`,
    }
  })
  const queries = Array.from({ length: 20 }, () => ({ space, vector: near(0.9 / Math.sqrt(dimensions)) }))
  return { space, otherSpace: makeSpace({ ...parts, model: `${conformanceModel}-2` }), rows, queries }
}

function direction(random: () => number, dimensions: number): Float32Array {
  return normalize(Float32Array.from({ length: dimensions }, () => gaussian(random)))
}

/** Normally distributed, by Box and Muller (1958). */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const kept = order[index] as number
    order[index] = order[other] as number
    order[other] = kept
  }
  return order
}

/** Numbers from 0 to 1 (exclusive) by mulberry32. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
