import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from '../harness.js'
import { TestServer } from '../server.js'

/** Not the root of the host, as on most static hosts. */
const base = '/shops/kindred/'
const site = fileURLToPath(new URL('../../../dist-demo', import.meta.url))

/** Serves the demo as a static host would, for the tests of the file that calls this. */
export function serveDemo() {
  const server = new TestServer()
  let origin = ''
  test.beforeAll(async () => {
    server.mount(base.slice(0, -1), site)
    const page = await readFile(join(site, 'index.html'))
    server.write(base, page, { 'content-type': 'text/html; charset=utf-8' })
    origin = await server.listen({ isolated: false, cors: false })
  })
  test.afterAll(() => server.close())
  test.beforeEach(() => {
    server.log.length = 0
  })
  return { server, base, site, address: (hash: string) => origin + base + hash }
}
