import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const dist = new URL('../../../dist/', import.meta.url)
const built = existsSync(new URL('define.js', dist))

/** What a script imports statically. */
function importsOf(file: string): string[] {
  const code = readFileSync(new URL(file, dist), 'utf8')
  return Array.from(
    code.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g),
    ([, name]) => name as string,
  )
}

/** The one script whose name begins so. */
function script(start: string): string {
  const found = readdirSync(dist).filter((name) => name.startsWith(start) && name.endsWith('.js'))
  expect(found).toHaveLength(1)
  return found[0] as string
}

// Each level of imports is a request that a page waits for before it can make the next.
describe.skipIf(!built)('scripts that a list of a later visit waits for', () => {
  test('those of an element come in two steps', () => {
    const second = importsOf('define.js')
    for (const file of second) {
      for (const name of importsOf(file)) expect(second).toContain(name)
    }
  })

  test('the engine is one script more', () => {
    for (const name of importsOf(script('engine-'))) expect(importsOf('define.js')).toContain(name)
  })

  test('the worker is one script, and what encodes pictures another', () => {
    expect(importsOf('worker.js')).toEqual([])
    const code = readFileSync(new URL('worker.js', dist), 'utf8')
    for (const name of ['encoding-', 'open-tower-']) expect(code).toContain(script(name))
  })
})
