import { parseUrl } from '../parse-url.js'

/** Makes links absolute as `new URL(link, base).href` does; null for what is no URL. */
export type LinkResolver = (link: string) => string | null

/**
 * Resolves links against an absolute `base`. Nearly all links of a feed are what the URL parser appends to its origin or
 * folder unchanged; to parse them all the same took a page longer than anything else that it does with 10 000 products.
 */
export function linkResolver(base: string | URL): LinkResolver {
  const parsed = new URL(base)
  const isWeb = /^https?:$/.test(parsed.protocol)
  const root = isWeb ? new URL('/', parsed).href.slice(0, -1) : ''
  const folder = isWeb ? new URL('.', parsed).href : ''
  return (link) => {
    if (link.length <= longestPlain && !dotSegment.test(link)) {
      if (isWeb && plainPath.test(link)) return root + link
      if (isWeb && plainName.test(link)) return folder + link
      if (plainAddress.test(link)) return link
    }
    return parseUrl(link, parsed)?.href ?? null
  }
}

/** Regular expressions overflow the stack on links of millions of letters. */
const longestPlain = 2_000

/** Such a segment is not kept. */
const dotSegment = /(^|[/\\])\.\.?([/\\?#]|$)/

// What the parser keeps as it is written: https://url.spec.whatwg.org/#path-percent-encode-set and, of hosts, those in
// Latin letters that are neither numbers nor Punycode.
const escaped = '%(?!2[eE])'
const path = String.raw`(?:[\w\-~!$&()*+,;=:@./]|${escaped})*`
const query = String.raw`(?:\?[\w\-~!$&()*+,;=:@./?%]*)?`
const label = '[a-z0-9]+(?:-[a-z0-9]+)*'
const host = `(?:${label}\\.)*[a-z][a-z0-9]*(?:-[a-z0-9]+)*`
const plainPath = new RegExp(`^/(?!/)${path}${query}$`)
const plainName = new RegExp(String.raw`^(?:[\w\-~!$&()*+,;=@.]|${escaped})+(?:/${path})?${query}$`)
const plainAddress = new RegExp(`^https?://${host}/${path}${query}$`)
