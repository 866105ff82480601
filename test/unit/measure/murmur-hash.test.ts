import fc from 'fast-check'
import { expect, test } from 'vitest'
import { murmurHash } from '../../../src/measure/statistics/murmur-hash.js'

/** Published results of the reference implementation. */
test.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['abc', 0, 0xb3dd93fa],
  ['test', 0, 0xba6bd213],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['ππππππππ', 0x9747b28c, 0xd58063c1],
])('%j with seed %d', (text, seed, expected) => {
  expect(murmurHash(text, seed)).toBe(expected)
})

test('one more or another character changes each bit about half of the time', () => {
  const flips = new Float64Array(32)
  let changes = 0
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 0, max: 9 }), (text, digit) => {
      const difference = murmurHash(`${text}${digit}`) ^ murmurHash(`${text}${(digit + 1) % 10}`)
      for (let bit = 0; bit < 32; bit++) flips[bit] = (flips[bit] as number) + ((difference >>> bit) & 1)
      changes++
    }),
    { numRuns: 4000, seed: 1 },
  )
  const shares = [...flips].map((count) => count / changes)
  console.log(
    `avalanche: ${Math.min(...shares).toFixed(3)} to ${Math.max(...shares).toFixed(3)} of changes flip a bit`,
  )
  // Five standard deviations of 4000 fair coins are 0.04.
  expect(Math.min(...shares)).toBeGreaterThan(0.46)
  expect(Math.max(...shares)).toBeLessThan(0.54)
})
