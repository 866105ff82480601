import { expect, test } from 'vitest'
import {
  chiSquareUpperTail,
  normalCdf,
  normalQuantile,
  twoSidedPValue,
} from '../../../src/measure/statistics/distributions.js'

/** What is expected was computed with SciPy 1.17 (`scipy.stats.norm` and `chi2`). */
const relativeError = (actual: number, expected: number) => Math.abs(actual - expected) / expected

test.each([
  [-8, 6.22096057427174e-16],
  [-3.5, 0.00023262907903552502],
  [-1.96, 0.024997895148220435],
  [-0.3, 0.3820885778110474],
  [0, 0.5],
  [0.7, 0.758036347776927],
  [1.645, 0.9500150944608786],
  [2.5758, 0.9949995762622214],
  [5, 0.9999997133484281],
])('the normal distribution up to %d', (z, expected) => {
  expect(relativeError(normalCdf(z), expected)).toBeLessThan(1e-12)
  expect(relativeError(twoSidedPValue(z), 2 * normalCdf(-Math.abs(z)))).toBeLessThan(1e-12)
})

test.each([
  [1e-9, -5.9978070150076865],
  [0.025, -1.9599639845400545],
  [0.2, -0.8416212335729142],
  [0.5, 0],
  [0.8, 0.8416212335729143],
  [0.975, 1.959963984540054],
  [0.9999, 3.719016485455709],
])('the normal quantile of %d', (probability, expected) => {
  expect(Math.abs(normalQuantile(probability) - expected)).toBeLessThan(1e-9)
})

test.each([
  [0.1, 1, 0.7518296340458492],
  [3.841458820694124, 1, 0.04999999999999989],
  [10.83, 1, 0.0009986863791802592],
  [5, 2, 0.0820849986238988],
  [30, 5, 1.4748581038443073e-5],
  [0.5, 10, 0.999993388289439],
  [120, 99, 0.07424385580596692],
  [300, 99, 4.2266534644194534e-22],
])('the upper tail of chi-square from %d with %d degrees of freedom', (value, degrees, expected) => {
  expect(relativeError(chiSquareUpperTail(value, degrees), expected)).toBeLessThan(1e-11)
})
