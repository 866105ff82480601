import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const { deadLinks, emptyPages } = (await import(
  new URL('../../../.ci/dead-links.mjs', import.meta.url).href
)) as {
  deadLinks: (folder: string, base: string) => { page: string; link: string }[]
  emptyPages: (folder: string) => string[]
}

/** A site of these pages. */
function siteOf(pages: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'docs'))
  for (const [name, html] of Object.entries(pages)) writeFileSync(join(folder, name), html)
  return folder
}

test('links and pictures that lead nowhere in the site are found, under its path', () => {
  const site = siteOf({
    'index.html':
      '<h1 id="top">A</h1><a href="/some/path/docs/b.html#one">b</a><img src="/some/path/a.webp">',
    'docs/b.html':
      '<h1>B</h1><h2 id="one">1</h2><a class="x" href="../index.html#top">a</a><a href="./">x</a><a href="#two">2</a>',
    'a.webp': '',
  })
  expect(deadLinks(site, '/some/path/')).toEqual([
    { page: join('docs', 'b.html'), link: './' },
    { page: join('docs', 'b.html'), link: '#two' },
  ])
  expect(deadLinks(site, '/').map(({ link }) => link)).toContain('/some/path/a.webp')
})

test('other sites are not looked at', () => {
  const site = siteOf({
    'index.html': '<h1>A</h1><a href="https://a.example/#b">a</a><a href="mailto:a@b.example">',
  })
  expect(deadLinks(site, '/')).toEqual([])
})

test('pages without a heading are empty, but for the one of addresses that are not there', () => {
  const site = siteOf({ 'index.html': '<h1>A</h1>', '404.html': '', 'docs/b.html': '<div></div>' })
  expect(emptyPages(site)).toEqual([join('docs', 'b.html')])
})
