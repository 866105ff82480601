import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elementTag, siteAddress } from '../../../../src/node/command/page-tags.js'
import { suggestion } from '../../../../src/node/command/suggestion.js'
import { copyPackage } from '../../../../src/node/files/copy-package.js'
import { scratchFolder } from '../scratch.js'
import { runCommand } from './command-process.js'

/** A `dist` of few files, of one release. */
function madePackage(release: string): string {
  const dist = join(scratchFolder(), 'dist')
  for (const folder of ['node', 'types', 'models/tiny/onnx'])
    mkdirSync(join(dist, folder), { recursive: true })
  const files = ['define.js', 'worker.js', `chunk-${release}.js`, 'ort.wasm.min.mjs', 'ort.wasm', 'data.json']
  for (const file of [...files, 'node/cli.js', 'types/define.d.ts', 'models/tiny/onnx/model.onnx']) {
    writeFileSync(join(dist, file), release)
  }
  return dist
}

describe('copying the package', () => {
  test('takes what pages load, and nothing for the build', async () => {
    const to = join(scratchFolder(), 'public', 'similar-items')
    const copied = await copyPackage(to, madePackage('one'))
    expect(readdirSync(to, { recursive: true }).sort()).toEqual([
      'chunk-one.js',
      'define.js',
      'models',
      'models/tiny',
      'models/tiny/onnx',
      'models/tiny/onnx/model.onnx',
      'ort.wasm',
      'ort.wasm.min.mjs',
      'worker.js',
    ])
    expect(copied).toEqual({ files: 6, bytes: 18 })
  })

  test('a second release takes the place of the first', async () => {
    const folder = scratchFolder()
    const to = join(folder, 'similar-items')
    await copyPackage(to, madePackage('one'))
    await copyPackage(to, madePackage('two'))
    expect(readFileSync(join(to, 'define.js'), 'utf8')).toBe('two')
    expect(existsSync(join(to, 'chunk-one.js'))).toBe(false)
    expect(readdirSync(folder)).toEqual(['similar-items'])
  })

  test('a folder with something else in it is left alone', async () => {
    const to = scratchFolder()
    writeFileSync(join(to, 'index.html'), 'my site')
    await expect(copyPackage(to, madePackage('one'))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(`Name a folder of its own, such as ${join(to, 'similar-items')}`),
    })
    expect(readdirSync(to)).toEqual(['index.html'])
  })

  test('a file in its place is left alone', async () => {
    const to = join(scratchFolder(), 'public')
    writeFileSync(to, 'mine')
    await expect(copyPackage(to, madePackage('one'))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('public is a file, which copying would delete'),
    })
    expect(readFileSync(to, 'utf8')).toBe('mine')
  })

  test('where it fails the older copy stays, and nothing else', async () => {
    const folder = scratchFolder()
    const to = join(folder, 'similar-items')
    await copyPackage(to, madePackage('one'))
    await expect(copyPackage(to, join(folder, 'none'))).rejects.toMatchObject({ code: 'output-failed' })
    expect(readFileSync(join(to, 'define.js'), 'utf8')).toBe('one')
    expect(readdirSync(folder)).toEqual(['similar-items'])
  })
})

test('the command prints what to paste', async () => {
  const to = join(scratchFolder(), 'public', 'similar-items')
  const { code, stdout } = await runCommand('copy', to)
  expect(code).toBe(0)
  expect(stdout).toContain('<script type="module" src="/similar-items/define.js"></script>')
  expect(stdout).toContain("setAssetsPath('/similar-items/')")
  expect(existsSync(join(to, 'worker.js'))).toBe(true)
  expect(existsSync(join(to, 'node'))).toBe(false)
})

test.each([
  ['public/similar-items', '/similar-items/'],
  ['web/public/vendor/similar-items', '/vendor/similar-items/'],
  ['similar-items', '/similar-items/'],
  ['static', '/static/'],
])('%s is served as %s', (folder, address) => {
  expect(siteAddress(join('/srv/shop', folder))).toBe(address)
})

test('tags keep any text in their attributes', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const tag = elementTag({ item: text, model: undefined })
      const [, written = ''] = /^<similar-items item="([^"]*)"><\/similar-items>$/s.exec(tag) ?? []
      expect(written.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))).toBe(text)
    }),
  )
})

test.each([
  ['indx', ['index', 'inspect'], ' Did you mean "index"?'],
  ['--dim', ['--dims', '--omit'], ' Did you mean "--dims"?'],
  ['--concurency', ['--concurrency'], ' Did you mean "--concurrency"?'],
  ['frobnicate', ['index', 'copy'], ''],
])('%s of %j', (word, known, expected) => {
  expect(suggestion(word, known)).toBe(expected)
})
