import { expect, test } from 'vitest'
import { NetworkFailure } from '../../../src/network/network-failure.js'

test.each([
  [undefined, true],
  [204, true],
  [206, true],
  [304, true],
  [400, false],
  [401, false],
  [404, false],
  [408, true],
  [410, false],
  [425, true],
  [429, true],
  [499, false],
  [500, true],
  [503, true],
])('status %s may pass: %s', (status, mayPass) => {
  const failure = new NetworkFailure('refused', 'says no', status === undefined ? {} : { status })
  expect(failure.mayPass).toBe(mayPass)
  const error = failure.toError('pack-unreachable', 'The pack', 'https://a/pack', 'Look there.')
  expect(error).toMatchObject({ code: 'pack-unreachable', mayPass, subject: 'https://a/pack' })
  expect(error.message).toBe('The pack says no. Look there.')
})

test('a stalled download has a code of its own', () => {
  const error = new NetworkFailure('stalled', 'sent nothing').toError('pack-unreachable', 'It', 'u', 'Look.')
  expect(error).toMatchObject({
    code: 'download-stalled',
    mayPass: true,
    message: 'It sent nothing. Try again.',
  })
})
