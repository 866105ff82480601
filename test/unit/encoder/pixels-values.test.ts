import { expect, test } from 'vitest'
import { toPixelValues } from '../../../src/encoder/resample/pixel-values.js'

const siglip = { rescaleFactor: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }

test('puts the channels one after the other', () => {
  const rgb = Uint8Array.of(0, 51, 102, 153, 204, 255)
  const pixelValues = toPixelValues(rgb, { ...siglip, width: 2, height: 1 })
  const expected = [-1, 0.2, -0.6, 0.6, -0.2, 1]
  expect(pixelValues).toHaveLength(6)
  for (const [index, value] of expected.entries()) expect(pixelValues[index]).toBeCloseTo(value, 6)
})

test('uses the mean and deviation of each channel, for all 256 bytes', () => {
  const mean = [0.481, 0.457, 0.408]
  const std = [0.268, 0.261, 0.275]
  const rgb = Uint8Array.from({ length: 256 * 3 }, (_, index) => index / 3)
  const pixelValues = toPixelValues(rgb, { rescaleFactor: 1 / 255, mean, std, width: 16, height: 16 })
  for (let channel = 0; channel < 3; channel++) {
    for (let byte = 0; byte < 256; byte++) {
      const expected = (byte / 255 - (mean[channel] as number)) / (std[channel] as number)
      expect(pixelValues[channel * 256 + byte]).toBe(Math.fround(expected))
    }
  }
})

test('refuses pixels of another size and numbers that are not there', () => {
  expect(() => toPixelValues(new Uint8Array(11), { ...siglip, width: 2, height: 2 })).toThrow(RangeError)
  expect(() => toPixelValues(new Uint8Array(3), { ...siglip, mean: [0.5], width: 1, height: 1 })).toThrow(
    'channel 1',
  )
  expect(() => toPixelValues(new Uint8Array(3), { ...siglip, std: [1, 1, 0], width: 1, height: 1 })).toThrow(
    'channel 2',
  )
})
