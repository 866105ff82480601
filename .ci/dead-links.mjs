import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * The links and pictures of a built site that lead nowhere in it: files that do not exist, and headings that their page
 * does not have. Links to other sites are not looked at.
 *
 * @param {string} folder the site.
 * @param {string} base the path under which it is served, with slashes at both ends.
 * @returns {{ page: string, link: string }[]}
 */
export function deadLinks(folder, base) {
  const pages = pagesOf(folder)
  const headings = new Map(pages.map(({ name, html }) => [name, idsOf(html)]))
  return pages.flatMap(({ name, html }) => {
    const address = new URL(base + name, 'http://site.invalid')
    const links = Array.from(html.matchAll(/<(?:a|img|source|script|link)\b[^>]*? (?:href|src)="([^"]*)"/g))
    return links
      .map(([, link]) => link.replaceAll('&amp;', '&'))
      .filter((link) => !leadsSomewhere(new URL(link, address)))
      .map((link) => ({ page: name, link }))
  })

  function leadsSomewhere({ host, protocol, pathname, hash }) {
    if (host !== 'site.invalid') return protocol !== 'javascript:'
    if (!pathname.startsWith(base)) return false
    const path = join(folder, decodeURIComponent(pathname.slice(base.length)))
    const found = [path, join(path, 'index.html')].find((file) => {
      return statSync(file, { throwIfNoEntry: false })?.isFile()
    })
    if (!found || hash === '') return found !== undefined
    const ids = headings.get(relative(folder, found))
    return ids === undefined || ids.has(decodeURIComponent(hash.slice(1)))
  }
}

/** The pages of a built site that have no heading of the first level. */
export function emptyPages(folder) {
  return pagesOf(folder).flatMap(({ name, html }) =>
    name === '404.html' || html.includes('<h1') ? [] : name,
  )
}

/** The pages of the documents; the demo has its own tests. */
function pagesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.html') && !name.startsWith('demo'))
    .map((name) => ({ name, html: readFileSync(join(folder, name), 'utf8') }))
}

function idsOf(html) {
  return new Set(Array.from(html.matchAll(/ (?:id|name)="([^"]*)"/g), ([, id]) => id))
}
