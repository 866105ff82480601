import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')
const examples = readdirSync(`${root}examples`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Code of a document that is that of an example: line by line in its order, others may stand between them. */
const documented = [
  { document: 'docs/element.md', begin: 'import { Component,', file: 'examples/angular/src/similar.ts' },
  {
    document: 'docs/element.md',
    begin: 'export default defineNuxtConfig',
    file: 'examples/nuxt/nuxt.config.ts',
  },
  { document: 'docs/serving.md', begin: 'const define =', file: 'examples/parcel/main.ts' },
  { document: 'docs/shops.md', begin: '{\n  "id"', file: 'examples/shopify/snippets/similar-item.liquid' },
]

test.each(documented)('the code "$begin" of $document is that of $file', ({ document, begin, file }) => {
  const blocks = read(document)
    .split('```')
    .map((block) => block.slice(block.indexOf('\n') + 1))
    .filter((block) => block.startsWith(begin))
  expect(blocks).toHaveLength(1)
  const lines = read(file).split('\n')
  const found = (blocks[0] as string).split('\n').map((line) => {
    return line === '' || lines.splice(0, lines.indexOf(line) + 1).includes(line) ? line : `absent: ${line}`
  })
  expect(found.join('\n')).toBe(blocks[0])
})

test('every example is in the list, and every one listed exists', () => {
  const listed = Array.from(read('examples/README.md').matchAll(/^\| \[(\w+)\]\(\1\)/gm), ([, name]) => name)
  expect(listed.toSorted()).toEqual(examples.toSorted())
})

test('every tool that docs/serving.md names has an example', () => {
  const table = /^\| tool[\s\S]*?\n\n/m.exec(read('docs/serving.md'))?.[0] ?? ''
  const named = Array.from(table.matchAll(/`([a-z]+)`/g), ([, name]) => name as string)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !examples.includes(name))).toEqual([])
})

test.each(examples)('%s takes the published package, and has the scripts that are run', (name) => {
  const { version } = JSON.parse(read('package.json'))
  const { dependencies, scripts, example } = JSON.parse(read(`examples/${name}/package.json`))
  expect(dependencies['similar-items']).toBe(`^${version}`)
  for (const script of Object.keys(example).filter((key) => key !== 'cdn' && key !== 'needs')) {
    expect(scripts).toHaveProperty(script)
  }
})

test('all catalogues of examples are one', () => {
  const catalogs = examples.flatMap((name) => {
    return readdirSync(`${root}examples/${name}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('catalog.json') && !path.includes('node_modules'))
      .map((path) => read(`examples/${name}/${path}`))
  })
  expect(catalogs.length).toBeGreaterThan(10)
  expect(new Set(catalogs).size).toBe(1)
})
