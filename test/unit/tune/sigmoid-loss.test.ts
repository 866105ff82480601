import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { fitLogitScale } from '../../../src/tune/logit-scale.js'
import { type Matrix, zeros } from '../../../src/tune/matrix.js'
import { sigmoidLoss } from '../../../src/tune/sigmoid-loss.js'

function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = seededRandom(seed)
  const matrix = zeros(rows, columns)
  return { ...matrix, data: matrix.data.map(() => 2 * random.next() - 1) }
}

const rows = 5
const targets = Int8Array.from(
  { length: rows * rows },
  (_, index) => [1, -1, -1, 0, -1, -1, 1][index % 7] as number,
)
const scale = { logTemperature: Math.log(4), bias: -1.5 }
const prefixes = [6, 4, 2]

test('the loss of two pairs, by hand', () => {
  const left = { rows: 2, columns: 2, data: Float64Array.of(3, 0, 0, 5) }
  const right = { rows: 2, columns: 2, data: Float64Array.of(2, 0, 0.7, 0.7) }
  const softplus = (x: number) => Math.log(1 + Math.exp(x))
  const half = Math.SQRT1_2
  // Cosines 1, half / 0, half; logits 2 * cosine - 1; matches on the diagonal.
  const expected = softplus(-1) + softplus(2 * half - 1) + softplus(-1) + softplus(-(2 * half - 1))
  const { loss } = sigmoidLoss(
    left,
    right,
    Int8Array.of(1, -1, -1, 1),
    { logTemperature: Math.log(2), bias: -1 },
    [2],
  )
  expect(loss).toBeCloseTo(expected / 2, 12)
})

describe('gradients are those of finite differences', () => {
  const left = randomMatrix(rows, 6, 1)
  const right = randomMatrix(rows, 6, 2)
  const analytic = sigmoidLoss(left, right, targets, scale, prefixes)
  const step = 1e-6

  test.each([
    ['left', left, analytic.left],
    ['right', right, analytic.right],
  ])('%s', (_, matrix, gradient) => {
    let worst = 0
    for (const [index, value] of matrix.data.entries()) {
      matrix.data[index] = value + step
      const above = sigmoidLoss(left, right, targets, scale, prefixes).loss
      matrix.data[index] = value - step
      const below = sigmoidLoss(left, right, targets, scale, prefixes).loss
      matrix.data[index] = value
      worst = Math.max(worst, Math.abs((above - below) / (2 * step) - (gradient.data[index] as number)))
    }
    console.log(`largest error of a derivative: ${worst.toExponential(1)}`)
    expect(worst).toBeLessThan(1e-8)
  })

  test.each(['logTemperature', 'bias'] as const)('%s', (name) => {
    const at = (change: number) =>
      sigmoidLoss(left, right, targets, { ...scale, [name]: scale[name] + change }, prefixes).loss
    expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(analytic[name], 8)
  })
})

test('rows compared with themselves: half the work, the same numbers', () => {
  const left = randomMatrix(rows, 6, 1)
  const symmetric = targets.map((target, index) => {
    const [row, column] = [Math.floor(index / rows), index % rows]
    return row > column ? (targets[column * rows + row] as number) : target
  })
  const shared = sigmoidLoss(left, left, symmetric, scale, prefixes)
  const apart = sigmoidLoss(left, { ...left }, symmetric, scale, prefixes)
  expect(shared.loss).toBeCloseTo(apart.loss, 12)
  expect(shared.logTemperature).toBeCloseTo(apart.logTemperature, 12)
  for (const index of left.data.keys()) {
    expect(shared.left.data[index]).toBeCloseTo(apart.left.data[index] as number, 12)
    expect(shared.right.data[index]).toBeCloseTo(apart.right.data[index] as number, 12)
  }
})

test('comparisons with target 0 do not matter', () => {
  const left = randomMatrix(2, 3, 4)
  const right = randomMatrix(2, 3, 5)
  const { loss, right: gradient } = sigmoidLoss(left, right, Int8Array.of(1, 0, -1, 0), scale, [3])
  expect([...gradient.data.subarray(3)]).toEqual([0, 0, 0])
  right.data.set([9, -9, 9], 3)
  expect(sigmoidLoss(left, right, Int8Array.of(1, 0, -1, 0), scale, [3]).loss).toBe(loss)
})

test('the fitted temperature and bias have no slope left', () => {
  const left = randomMatrix(30, 4, 6)
  const right = { ...left, data: left.data.map((value, index) => value + Math.sin(7 * index)) }
  const matches = Int8Array.from({ length: 900 }, (_, index) => (index % 31 === 0 ? 1 : -1))
  const fitted = fitLogitScale(left, right, matches)
  const { logTemperature, bias } = sigmoidLoss(left, right, matches, fitted, [4])
  expect(Math.abs(logTemperature)).toBeLessThan(1e-4)
  expect(Math.abs(bias)).toBeLessThan(1e-4)
})
