import { expect, test } from 'vitest'
import { SimilarItemsError } from '../../../src/errors.js'
import { ServerHealth } from '../../../src/worker/indexing/server-health.js'

const passing = new SimilarItemsError('image-unreachable', 'in trouble', { mayPass: true })
const lasting = new SimilarItemsError('image-unreachable', 'not there')
const noDecoder = new SimilarItemsError('decoder-failed', 'not loaded', { mayPass: true })
const picture = (name: string | number, host = 'a.example') => `https://${host}/${name}.jpg`

test('four failures in a row are the server’s', () => {
  const servers = new ServerHealth()
  for (let count = 0; count < 4; count++) {
    expect(servers.failureOf(picture(9))).toBeUndefined()
    servers.failed(picture(count), passing)
  }
  const failure = servers.failureOf(picture(9))
  expect(failure).toMatchObject({ code: 'image-unreachable', subject: picture(9), mayPass: true })
  expect(failure?.message).toContain('https://a.example did not give the 4 before it')
  // Other servers, and other ports, are other servers.
  expect(servers.failureOf(picture(9, 'b.example'))).toBeUndefined()
  expect(servers.failureOf(picture(9, 'a.example:8443'))).toBeUndefined()
})

test.each([
  ['a picture that came', (servers: ServerHealth) => servers.answered(picture('came'))],
  [
    'a picture whose decoder is out of reach',
    (servers: ServerHealth) => servers.failed(picture('a.heic'), noDecoder),
  ],
  ['a picture that is not there', (servers: ServerHealth) => servers.failed(picture('gone'), lasting)],
])('%s ends the row', (_, answer) => {
  const servers = new ServerHealth()
  for (let count = 0; count < 3; count++) servers.failed(picture(count), passing)
  answer(servers)
  for (let count = 0; count < 3; count++) servers.failed(picture(count), passing)
  expect(servers.failureOf(picture(9))).toBeUndefined()
  servers.failed(picture(3), passing)
  expect(servers.failureOf(picture(9))).toBeDefined()
})

test('a decoder out of reach is no fault of the server that has the pictures', () => {
  const servers = new ServerHealth()
  for (let count = 0; count < 9; count++) servers.failed(picture(count), noDecoder)
  expect(servers.failureOf(picture(9))).toBeUndefined()
})

test('a server whose downloads stall is out of reach', () => {
  const servers = new ServerHealth()
  const stalled = new SimilarItemsError('download-stalled', 'quiet', { mayPass: true })
  for (let count = 0; count < 4; count++) servers.failed(picture(count), stalled)
  expect(servers.failureOf(picture(9))).toBeDefined()
})

test('what is no address is its own server', () => {
  const servers = new ServerHealth()
  for (let count = 0; count < 4; count++) servers.failed('not an address', passing)
  expect(servers.failureOf('not an address')).toBeDefined()
  expect(servers.failureOf('another')).toBeUndefined()
})
