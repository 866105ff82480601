/**
 * The URL that a link means; null for what is none. Node 20 has no `URL.parse`, and its `URL.canParse`, once it has been
 * called often enough to be compiled, says of hosts with letters such as ö that they are none.
 */
export function parseUrl(link: string | URL, base?: string | URL): URL | null {
  try {
    return new URL(link, base)
  } catch {
    return null
  }
}
