import { expect, test } from 'vitest'

const { webAddress } = (await import(
  new URL('../../../.ci/repository-address.mjs', import.meta.url).href
)) as { webAddress: (remote: string) => string | null }

test.each([
  ['https://host.example/o/r.git', 'https://host.example/o/r'],
  ['https://host.example/o/r', 'https://host.example/o/r'],
  ['https://host.example:8443/o/r.git', 'https://host.example:8443/o/r'],
  ['https://user:SECRET@host.example/o/r.git', 'https://host.example/o/r'],
  ['https://SECRET@host.example/o/r.git', 'https://host.example/o/r'],
  ['git@host.example:o/r.git', 'https://host.example/o/r'],
  ['git@host.example:2222/r.git', 'https://host.example/2222/r'],
  ['ssh://git@host.example/o/r.git', 'https://host.example/o/r'],
  ['ssh://git@host.example:2222/o/r.git', 'https://host.example/o/r'],
  ['https://user:SE@CRET@host.example/o/r.git', null],
  ['/srv/git/r.git', null],
  ['', null],
])('the remote %j is shown at %j', (remote, address) => {
  expect(webAddress(remote)).toBe(address)
})
