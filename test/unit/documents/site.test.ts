import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const { sidebar } = (await import(new URL('../../../.vitepress/sidebar.mjs', import.meta.url).href)) as {
  sidebar: { items: { text: string; link: string }[] }[]
}
const links = sidebar.flatMap(({ items }) => items.map(({ link }) => link.slice(1)))

test('every document stands in the sidebar of the site, once', () => {
  const documents = readdirSync(`${root}docs`).filter((name) => name.endsWith('.md'))
  expect(links).toEqual(expect.arrayContaining(documents.map((name) => `docs/${name.slice(0, -3)}`)))
  expect(new Set(links).size).toBe(links.length)
})

test('what stands in the sidebar is there', () => {
  expect(links.filter((link) => !existsSync(`${root}${link || 'README'}.md`))).toEqual([])
})
