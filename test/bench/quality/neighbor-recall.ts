import { findNeighbors } from '../../../src/node/neighbors/find-neighbors.js'
import type { Space } from '../../../src/types.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { projectedSpace } from '../../../src/vectors/projection.js'
import type { Row } from '../results-file.js'
import { meanOf } from './quality-systems.js'
import { centeredBy, type Labelled } from './score-statistics.js'

/** How much of the exact neighbour lists the approximate search finds among real pictures, stored in 8 bits. */
export async function neighborRecallRows(from: Space, pictures: readonly Labelled[]): Promise<Row[]> {
  const centered = centeredBy(meanOf(pictures.map(({ vector }) => vector)))(pictures)
  const spaceOfThese = projectedSpace(from, 'thresholds', from.dimensions, true)
  return [await rowOf('plain', from, pictures), await rowOf('centered', spaceOfThese, centered)]
}

async function rowOf(how: string, space: Space, pictures: readonly Labelled[]): Promise<Row> {
  const vectors = pictures.map(({ vector }) => vector)
  const pack = {
    space,
    entries: pictures.map(({ id }) => ({ id, contentKey: id })),
    vectors: encodeVectors(vectors, space.dimensions, 'int8'),
  }
  const { recall } = await findNeighbors(pack, { search: 'approximate' })
  return {
    what: `approximate lists of 24 among ${pictures.length} pictures of all sets, ${how}: recall`,
    value: recall.toFixed(4),
    target: '>= 0.95',
    met: recall >= 0.95,
  }
}
