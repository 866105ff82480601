import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

interface Observation {
  readonly exports: readonly string[]
  readonly added: readonly string[]
  readonly touched: readonly string[]
  readonly resources: readonly string[]
}

const root = new URL('../../../', import.meta.url)
const script = fileURLToPath(new URL('import-observed.mjs', import.meta.url))
const nothing = { added: [], touched: [], resources: [] }

/** The modules that `exports` names one by one, such as `.` and `./define`. */
const entries = Object.entries(readExports()).flatMap(([name, target]) =>
  typeof target === 'object' && target !== null && target.default
    ? [{ name, types: target.types, url: new URL(target.default, root) }]
    : [],
)

const built = existsSync(new URL('dist/index.js', root))
if (!built) console.log('dist is absent: run npm run build to test what importing the package does')

describe.skipIf(!built)('importing the built package in Node', () => {
  test('has entries', () => {
    expect(entries.map(({ name }) => name).sort()).toEqual([
      '.',
      './define',
      './instantsearch',
      './node',
      './react',
      './server',
      './server/conformance',
    ])
  })

  test.each(entries)('$name touches nothing', ({ url, types }) => {
    expect(observeImport(url.href)).toMatchObject(nothing)
    expect(existsSync(new URL(types, root)), `${types} is there`).toBe(true)
  })

  test.each([
    ['.', 'SimilarityEngine'],
    ['./define', 'setAssetsPath'],
    ['./instantsearch', 'similarItemsClient'],
    ['./node', 'indexCatalog'],
    ['./react', 'SimilarItems'],
    ['./server', 'similarHandler'],
  ])('%s exports %s, also by the name of the package', async (name, exported) => {
    const module = await import(/* @vite-ignore */ name.replace('.', 'similar-items'))
    expect(Object.keys(module)).toContain(exported)
  })
})

describe('the observation catches', () => {
  test.each([
    ['a new global', 'globalThis.shop = 1', { added: ['shop'] }],
    ['a request', "fetch('http://127.0.0.1:9/').catch(() => {})", { touched: ['fetch'] }],
    ['a look at the document', 'document?.body', { touched: ['document'] }],
    ['a timer', 'setTimeout(() => {}, 500)', { resources: ['Timeout'] }],
  ])('%s', (_, code, expected) => {
    expect(observeImport(`data:text/javascript,${encodeURIComponent(code)}`)).toMatchObject(expected)
  })

  test('nothing in a module that is quiet', () => {
    const quiet = observeImport(`data:text/javascript,${encodeURIComponent('export const a = 1')}`)
    expect(quiet).toEqual({ exports: ['a'], ...nothing })
  })
})

function observeImport(url: string): Observation {
  return JSON.parse(execFileSync(process.execPath, [script, url], { encoding: 'utf8', timeout: 30_000 }))
}

function readExports(): Record<string, string | { readonly types: string; readonly default?: string }> {
  return JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).exports
}
