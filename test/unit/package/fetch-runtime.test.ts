import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = new URL('../../../dist/node/', import.meta.url)
const built = existsSync(new URL('server.js', folder))

/** What a built script imports, from one to the next. */
function importsOf(file: URL, seen = new Map<string, string[]>()): ReadonlyMap<string, readonly string[]> {
  if (seen.has(file.href)) return seen
  const code = readFileSync(fileURLToPath(file), 'utf8')
  // Whole statements and calls: strings of the code itself may end in `from`.
  const statements = /^(?:import|export)\b[^"'\n]*["']([^"'\n]+)["'];?$|\bimport\(\s*["']([^"'\n]+)["']/gm
  const specifiers = [...code.matchAll(statements)].map(([, from, called]) => (from ?? called) as string)
  seen.set(file.href, specifiers)
  for (const name of specifiers) if (name.startsWith('.')) importsOf(new URL(name, file), seen)
  return seen
}

test.skipIf(!built).each(['server.js', 'conformance.js'])('%s imports nothing that only Node has', (name) => {
  const imports = [...importsOf(new URL(name, folder)).values()].flat()
  expect(imports.filter((specifier) => !specifier.startsWith('.'))).toEqual([])
})

test.skipIf(!built)('the imports of a script that runs in Node only are seen', () => {
  expect([...importsOf(new URL('cli.js', folder)).values()].flat()).toContain('node:util')
})
