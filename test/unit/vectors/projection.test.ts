import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Embedding } from '../../../src/types.js'
import { cosineSimilarity, normalize } from '../../../src/vectors/normalize.js'
import { cutMatrix, project, readProjection, writeProjection } from '../../../src/vectors/projection.js'
import { type Tensor, toBytes, writeSafetensors } from '../../../src/vectors/safetensors.js'
import { makeSpace, parseSpace } from '../../../src/vectors/space.js'

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

const unit = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
  .filter((components) => Math.hypot(...components) > 0.01)
  .map((components): Embedding => ({ space: from, vector: normalize(components) }))
const inside = fc.tuple(unit, fc.float({ min: 0, max: Math.fround(0.9), noNaN: true }))

test('a mean is subtracted before the matrix, and the identity is not written', async () => {
  const rotation = Float32Array.from({ length: 12 }, (_, index) => Math.cos(index * index))
  await fc.assert(
    fc.asyncProperty(inside, unit, async ([{ vector: direction }, length], embedding) => {
      const mean = direction.map((component) => component * length)
      const file = writeProjection(from, null, 'center', mean)
      expect(file.length).toBeLessThan(700)
      const alone = await readProjection(file, 'mean')
      expect(alone).toMatchObject({
        method: 'center',
        mean,
        matrix: null,
        to: { dimensions: 6, centered: true },
      })
      const centered = embedding.vector.map((component, axis) => component - (mean[axis] as number))
      const { space, vector } = project(alone, embedding)
      expect(space).toBe(alone.to)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
      expect(cosineSimilarity(vector, centered)).toBeCloseTo(1, 5)

      // With a matrix it is the same as one after the other.
      const both = await readProjection(writeProjection(from, rotation, 'tuned', mean), 'both')
      expect(both.to).toMatchObject({ dimensions: 2, centered: true })
      const matrixAlone = await readProjection(writeProjection(from, rotation, 'tuned'), 'matrix')
      const expected = project(matrixAlone, { space: from, vector }).vector
      fc.pre(Math.hypot(...expected) > 0)
      expect(cosineSimilarity(project(both, embedding).vector, expected)).toBeCloseTo(1, 3)
    }),
    { numRuns: 50 },
  )
})

test('the same matrix with and without a mean are two spaces; only one is centered', async () => {
  const matrix = cutMatrix(from, 2)
  const plain = await readProjection(writeProjection(from, matrix, 'cut'), 'plain')
  const centered = await readProjection(writeProjection(from, matrix, 'cut', new Float32Array(6)), 'centered')
  expect(plain.to.fingerprint).not.toBe(centered.to.fingerprint)
  expect([plain.to.centered, centered.to.centered]).toEqual([undefined, true])
  for (const { to } of [plain, centered]) expect(parseSpace(JSON.parse(JSON.stringify(to)))).toEqual(to)
  // Nothing but a projection centers.
  expect(parseSpace({ ...from, centered: true })).toEqual(from)
})

test.each([
  ['a mean as long as a unit vector', [6], 1 / Math.sqrt(6)],
  ['a mean of other dimensions', [5], 0.1],
  ['a mean that is a matrix', [1, 6], 0.1],
  ['a mean that is not a number', [6], Number.NaN],
])('%s is refused', async (_, shape, fill) => {
  const count = shape.reduce((product, length) => product * length)
  const bytes = new Uint8Array(new Float32Array(count).fill(fill).buffer)
  const mean: Tensor = { dtype: 'F32', shape, bytes }
  const matrix: Tensor = { dtype: 'F32', shape: [2, 6], bytes: toBytes(cutMatrix(from, 2)) }
  for (const tensors of [{ mean }, { mean, projection: matrix }]) {
    const file = writeSafetensors({
      tensors: new Map(Object.entries(tensors)),
      metadata: new Map([['space', JSON.stringify(from)]]),
    })
    await expect(readProjection(file, 'a file')).rejects.toMatchObject({ code: 'pack-invalid' })
  }
})

test('a file with neither mean nor matrix is refused', async () => {
  const metadata = new Map([['space', JSON.stringify(from)]])
  const file = writeSafetensors({ tensors: new Map(), metadata })
  await expect(readProjection(file, 'a file')).rejects.toMatchObject({ code: 'pack-invalid' })
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
