import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(`${root}docs`).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'))

test('the numbers in the README are those of the benchmark files', async () => {
  const { readmeWithTable } = await import('../../bench/readme-table.mjs')
  expect(readFileSync(`${root}README.md`, 'utf8')).toBe(readmeWithTable())
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

test('every document is linked from the README or another document', () => {
  const all = documents.map((name) => readFileSync(root + name, 'utf8')).join('\n')
  const lonely = documents.filter(
    (name) => name.startsWith('docs/') && !all.includes(`(${name.slice(5)}`) && !all.includes(`(${name}`),
  )
  expect(lonely).toEqual([])
})
