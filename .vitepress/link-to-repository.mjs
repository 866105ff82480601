import { statSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Lets links to what is no page (sources, folders, the licence) lead into the repository on the web; examples can also be
 * opened in StackBlitz from there. Without such an address their text stays, unlinked.
 *
 * @param {import('markdown-it').default} markdown
 * @param {{ repository: string | null }} options its address.
 */
export function linkToRepository(markdown, { repository }) {
  markdown.core.ruler.push('link-to-repository', ({ tokens, env, Token }) => {
    for (const token of tokens) {
      if (token.children)
        token.children = withLinks(token.children, { page: env.relativePath, repository, Token })
    }
  })
}

/** The tokens of a line. */
function withLinks(tokens, { page, repository, Token }) {
  let address = null
  return tokens.flatMap((token) => {
    if (token.type === 'link_open') {
      address = repositoryPath(token.attrGet('href'), page)
      if (address !== null) token.attrSet('href', `${repository}/${address}`)
    }
    if (address === null || !token.type.startsWith('link_')) return token
    if (repository === null) return []
    return token.type === 'link_close' ? [token, ...stackBlitz(`${repository}/${address}`, Token)] : token
  })
}

/** A link that opens an example on GitHub in StackBlitz, or nothing. */
function stackBlitz(address, Token) {
  const [, project] = /^https:\/\/github\.com\/(.*\/examples\/[a-z]+)$/.exec(address) ?? []
  if (!project) return []
  const link = Object.assign(new Token('link_open', 'a', 1), {
    attrs: [['href', `https://stackblitz.com/github/${project}`]],
  })
  const text = (content) => Object.assign(new Token('text', '', 0), { content })
  return [text(' ('), link, text('open'), new Token('link_close', 'a', -1), text(')')]
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
