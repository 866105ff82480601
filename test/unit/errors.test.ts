import { expect, test, vi } from 'vitest'
import { isSimilarItemsError, SimilarItemsError } from '../../src/errors.js'

test('an error of another copy of the package is one of ours', async () => {
  vi.resetModules()
  const copy = await import('../../src/errors.js')
  const error = new copy.SimilarItemsError('catalog-invalid', 'Not JSON.')
  expect(error).not.toBeInstanceOf(SimilarItemsError)
  expect(isSimilarItemsError(error)).toBe(true)
  expect(isSimilarItemsError(error, 'catalog-invalid')).toBe(true)
  expect(isSimilarItemsError(error, 'no-backend')).toBe(false)
})

test.each([[new Error('x')], [{ name: 'SimilarItemsError', code: 'catalog-invalid' }], [null], ['x']])(
  '%s is none',
  (value) => {
    expect(isSimilarItemsError(value)).toBe(false)
  },
)
