import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Embedding } from '../../../src/types.js'
import { cosineSimilarity, normalize } from '../../../src/vectors/normalize.js'
import { cutMatrix, project, readProjection, writeProjection } from '../../../src/vectors/projection.js'
import { writeSafetensors } from '../../../src/vectors/safetensors.js'
import { makeSpace } from '../../../src/vectors/space.js'

const from = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 6 })

test('a rotation keeps cosines, whatever the vectors', async () => {
  const angle = 0.7
  const rotation = cutMatrix(from, 6)
  rotation.set([Math.cos(angle), -Math.sin(angle)], 0)
  rotation.set([Math.sin(angle), Math.cos(angle)], 6)
  const projection = await readProjection(writeProjection(from, rotation, 'tuned'), 'rotation')
  const vector = fc
    .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
    .filter((components) => Math.hypot(...components) > 0.01)
    .map((components): Embedding => ({ space: from, vector: normalize(components) }))
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      const [projectedA, projectedB] = [project(projection, a), project(projection, b)]
      expect(projectedA.space).toBe(projection.to)
      expect(Math.hypot(...projectedA.vector)).toBeCloseTo(1, 5)
      const before = cosineSimilarity(a.vector, b.vector)
      expect(cosineSimilarity(projectedA.vector, projectedB.vector)).toBeCloseTo(before, 5)
    }),
  )
})

test('a cut keeps the first components and normalises', async () => {
  const projection = await readProjection(writeProjection(from, cutMatrix(from, 2), 'cut'), 'cut')
  const { space, vector } = project(projection, { space: from, vector: normalize([3, 4, 1, 1, 1, 1]) })
  expect(space.dimensions).toBe(2)
  expect([...vector]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)])
})

test('other matrices lead to other spaces, and neither is the space of the encoder', async () => {
  const cut = await readProjection(writeProjection(from, cutMatrix(from, 2), 'cut'), 'cut')
  const matrix = cutMatrix(from, 2)
  matrix[1] = 0.5
  const other = await readProjection(writeProjection(from, matrix, 'tuned'), 'other')
  const again = await readProjection(writeProjection(from, cutMatrix(from, 2), 'cut'), 'again')
  expect(new Set([from, cut.to, other.to].map(({ fingerprint }) => fingerprint)).size).toBe(3)
  expect(again.to).toEqual(cut.to)
  expect(() => project(cut, { space: other.to, vector: new Float32Array(2) })).toThrow(/cannot be compared/)
})

test.each([
  ['a matrix for other dimensions', [2, 5], 0],
  ['a component that is not a number', [2, 6], Number.NaN],
  ['a vector', [12], 0],
])('%s is refused', async (_, shape, fill) => {
  const count = shape.reduce((product, length) => product * length)
  const bytes = new Uint8Array(new Float32Array(count).fill(fill).buffer)
  const file = writeSafetensors({
    tensors: new Map([['projection', { dtype: 'F32', shape, bytes }]]),
    metadata: new Map([['space', JSON.stringify(from)]]),
  })
  await expect(readProjection(file, 'a file')).rejects.toMatchObject({ code: 'pack-invalid' })
})
