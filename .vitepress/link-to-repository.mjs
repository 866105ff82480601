import { statSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Lets links to what is no page (sources, folders, the licence) lead into the repository on the web. Without such an
 * address their text stays, unlinked.
 *
 * @param {import('markdown-it').default} markdown
 * @param {{ repository: string | null }} options its address.
 */
export function linkToRepository(markdown, { repository }) {
  markdown.core.ruler.push('link-to-repository', ({ tokens, env }) => {
    for (const { children } of tokens) {
      let isOpen = false
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          const address = repositoryPath(token.attrGet('href'), env.relativePath)
          isOpen = address !== null
          if (isOpen && repository) token.attrSet('href', `${repository}/${address}`)
        }
        if (isOpen && !repository && token.type.startsWith('link_')) token.hidden = true
        if (token.type === 'link_close') isOpen = false
      }
    }
  })
  for (const name of ['link_open', 'link_close']) {
    const render = markdown.renderer.rules[name]
    markdown.renderer.rules[name] = (tokens, index, options, env, self) => {
      if (tokens[index].hidden) return ''
      return render?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options)
    }
  }
}

/** The way to it from the repository's address, or null for pages and other sites. @throws {Error} where it is absent. */
function repositoryPath(href, page) {
  if (/^(?:[a-z]+:|#|\/)/.test(href) || /\.md(?:#|$)/.test(href)) return null
  const [path] = href.split('#')
  const target = posix.join(posix.dirname(page), decodeURIComponent(path))
  const found = statSync(`${root}${target}`, { throwIfNoEntry: false })
  if (!found) throw new Error(`${page} links to ${href}, which does not exist.`)
  return `${found.isDirectory() ? 'tree' : 'blob'}/main/${target}`
}
