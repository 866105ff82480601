import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sharingKey, toWorkerConfig } from '../../../src/engine/engine-options.js'

beforeEach(() => vi.stubGlobal('document', { baseURI: 'https://shop.example/page' }))
afterEach(() => vi.unstubAllGlobals())

test.each([
  ['engine', ''],
  ['cells', ''],
  ['engine', 'https://['],
  ['catalog', ''],
])('%s has to be a URL: %j is refused', (name, value) => {
  const message = expect.stringContaining(`${name} must be a URL`)
  for (const read of [toWorkerConfig, sharingKey]) {
    const reading = () => read({ [name]: value })
    expect(reading).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
  }
})

test('one address written in two ways is one engine', () => {
  const key = sharingKey({ engine: '/api/similar' })
  expect(sharingKey({ engine: new URL('https://shop.example/api/similar') })).toBe(key)
  expect(sharingKey({ cells: '/api/similar' })).not.toBe(key)
})
