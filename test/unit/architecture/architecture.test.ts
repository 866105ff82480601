import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readModule } from './source-module.js'
import { violations } from './violations.js'

const src = fileURLToPath(new URL('../../../src', import.meta.url))

/** AssemblyScript is another language, and generated files are its output. */
const otherLanguages = /(^|\/)(assembly|generated)\//

describe('the house', () => {
  const modules = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !otherLanguages.test(path))
    .map((path) => readModule(path, readFileSync(join(src, path), 'utf8')))

  test('stands', () => {
    expect(modules.length).toBeGreaterThan(20)
    expect(violations(modules)).toEqual([])
  })

  test('has short files', () => {
    const longest = modules.toSorted((a, b) => b.lines - a.lines).slice(0, 5)
    console.log(`longest files: ${longest.map(({ path, lines }) => `${path} ${lines}`).join(', ')}`)
    expect(longest[0]?.lines).toBeLessThan(400)
  })
})

describe('the rules catch', () => {
  test.each([
    ['an import upwards', 'vectors/a.ts', "import { x } from '../ranking/x.js'"],
    ['an import of a type upwards', 'vectors/a.ts', "import type { X } from '../ranking/x.js'"],
    ['an inline type upwards', 'ranking/a.ts', "export type A = import('../worker/x.js').X"],
    ['a dynamic import upwards', 'worker/a.ts', "export const x = () => import('../engine/x.js')"],
    ['a re-export upwards', 'store/a.ts', "export * from '../engine/x.js'"],
    ['a named re-export upwards', 'store/a.ts', "export { x } from '../engine/x.js'"],
    ['a worker URL upwards', 'engine/a.ts', "export const url = new URL('../element/x.ts', import.meta.url)"],
    ['the worker past its protocol', 'engine/a.ts', "import { x } from '../worker/x.js'"],
    [
      'the statistics in the page',
      'element/a.ts',
      "import { readExperiment } from '../measure/read-experiment.js'",
    ],
    ['an import sideways', 'encoder/a.ts', "import { x } from '../catalog/x.js'"],
    ['a word that imports a room', 'a.ts', "import { x } from './vectors/x.js'"],
    ['a package in the wrong room', 'ranking/a.ts', "import { openDB } from 'idb'"],
    ['a Node module', 'encoder/a.ts', "import { readFileSync } from 'node:fs'"],
    [
      'the document in a pure room',
      'encoder/a.ts',
      "export const a = () => document.createElement('canvas')",
    ],
    ['the window in a pure room', 'catalog/a.ts', 'export const a = typeof window'],
    ['IndexedDB in a pure room', 'ranking/a.ts', "export const a = () => globalThis.indexedDB.open('a')"],
    ['an unknown room', 'stuff/a.ts', 'export const a = 1'],
    ['a name that says nothing', 'vectors/string-utils.ts', 'export const a = 1'],
  ])('%s', (_, path, source) => {
    expect(violations([readModule(path, source)])).toHaveLength(1)
  })

  test('a cycle', () => {
    const modules = [
      readModule('vectors/a.ts', "import { b } from './b.js'\nexport const a = () => b"),
      readModule('vectors/b.ts', "import { a } from './a.js'\nexport const b = () => a"),
    ]
    expect(violations(modules)).toEqual(['cycle: vectors/a.ts -> vectors/b.ts -> vectors/a.ts'])
  })

  test('nothing where all is well', () => {
    const source = `import { wrap } from 'comlink'
      import type { Hit } from '../types.js'
      import type { WorkerApi } from '../worker/protocol.js'
      import { rank } from '../ranking/rank.js'
      const text = 'document'
      export const load = (url: string): Promise<Hit & WorkerApi> => import(url)
      export const worker = () => wrap(new Worker(new URL('./worker.js', import.meta.url)))
      export { rank, text }`
    expect(violations([readModule('engine/a.ts', source)])).toEqual([])
  })

  test('a syntax error', () => {
    expect(() => readModule('vectors/a.ts', 'export const = 1')).toThrow('vectors/a.ts')
  })
})
