import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(`${root}docs`).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'))

test('the numbers in the README, docs/speed.md and docs/models.md are those of the benchmark files', async () => {
  const { readmeWithTable, speedWithTable, modelsWithTable } = await import('../../bench/readme-table.mjs')
  expect(readFileSync(`${root}README.md`, 'utf8')).toBe(readmeWithTable())
  expect(readFileSync(`${root}docs/speed.md`, 'utf8')).toBe(speedWithTable())
  expect(readFileSync(`${root}docs/models.md`, 'utf8')).toBe(modelsWithTable())
})

test('the sizes in docs/serving.md are those of the benchmark file', () => {
  const { rows } = JSON.parse(readFileSync(`${root}test/bench/results/sizes.json`, 'utf8')) as {
    rows: { what: string; value: string }[]
  }
  const measured = (what: string) => rows.find((row) => row.what === what)?.value ?? ''
  const megabytes = (what: string) => `${(Number.parseFloat(measured(what)) / 1000).toFixed(1)} MB`
  const cells = readFileSync(`${root}docs/serving.md`, 'utf8').matchAll(/^\| `([^`]+)`[^|]*\| ([^|]*?) *\|/gm)
  const { 'models/siglip-tiny-patch16-224/': _, ...stated } = Object.fromEntries(
    Array.from(cells, ([, file, size]) => [file, size]),
  )
  expect(stated).toEqual({
    'define.js': measured('element entry with all it imports'),
    'worker.js': measured('worker without ONNX Runtime'),
    'ort-wasm-simd-threaded.wasm': megabytes('ort-wasm-simd-threaded.wasm'),
    'ort-wasm-simd-threaded.jspi.wasm': megabytes('ort-wasm-simd-threaded.jspi.wasm'),
  })
})

test.each(documents)('every link and picture of %s exists', (name) => {
  const text = readFileSync(root + name, 'utf8')
  const targets = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target as string)
  const local = targets.filter((target) => !/^(https?:|#)/.test(target))
  const folder = new URL(`file://${root}${name}`)
  const missing = local.filter(
    (target) => !existsSync(fileURLToPath(new URL(target.split('#')[0] as string, folder))),
  )
  expect(missing).toEqual([])
})

test.each(documents)('every heading that %s links to exists', (name) => {
  const targets = Array.from(
    readFileSync(root + name, 'utf8').matchAll(/\]\(([^)\s]*#[^)\s]+)\)/g),
    ([, target]) => {
      return new URL(target as string, `file://${root}${name}`)
    },
  )
  const local = targets.filter(({ protocol, pathname }) => protocol === 'file:' && pathname.endsWith('.md'))
  const missing = local.filter(({ pathname, hash }) => !anchorsOf(pathname).has(hash.slice(1)))
  expect(missing.map(String)).toEqual([])
})

/** The names that repositories on the web, and the site of the documents, give the headings of a page. */
function anchorsOf(path: string): ReadonlySet<string> {
  const headings = readFileSync(path, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#+ (.*)$/gm)
  return new Set(
    Array.from(headings, ([, heading = '']) => {
      return heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-')
    }),
  )
}

test('every document is linked from the README or another document', () => {
  const all = documents.map((name) => readFileSync(root + name, 'utf8')).join('\n')
  const lonely = documents.filter(
    (name) => name.startsWith('docs/') && !all.includes(`(${name.slice(5)}`) && !all.includes(`(${name}`),
  )
  expect(lonely).toEqual([])
})
