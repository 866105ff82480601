import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const { absoluteLinks } = (await import(
  new URL('../../../.ci/absolute-links.mjs', import.meta.url).href
)) as {
  absoluteLinks: (markdown: string, repository: string, revision: string) => string
}
const repository = 'https://git.example/shop/similar-items'

test('relative links and pictures lead into the repository, others stay', () => {
  const text = '![A page](docs/a.webp) [Docs](docs/a.md#top) [here](#here) [paper](https://a.example/1)'
  expect(absoluteLinks(text, repository, 'v1')).toBe(
    `![A page](${repository}/raw/v1/docs/a.webp) [Docs](${repository}/blob/v1/docs/a.md#top) [here](#here) ` +
      '[paper](https://a.example/1)',
  )
})

test('every relative link of the README leads to a file, and none is left', () => {
  const root = new URL('../../../', import.meta.url)
  const text = absoluteLinks(readFileSync(new URL('README.md', root), 'utf8'), repository, 'v1')
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link as string)
  expect(links.filter((link) => !/^(https?:|#)/.test(link))).toEqual([])
  const own = links.filter((link) => link.startsWith(repository))
  expect(own.length).toBeGreaterThan(10)
  for (const link of own) {
    const [path = ''] = link.replace(/^.*?\/(raw|blob)\/v1\//, '').split('#')
    expect(existsSync(new URL(path, root)), path).toBe(true)
  }
})
