import { resolve, sep } from 'node:path'

/** Folders that servers and frameworks serve from the root of the site. */
const served = ['public', 'static', 'www', 'htdocs', 'webroot', 'wwwroot', 'pub', 'dist', 'build', 'out']

/**
 * Where a folder most likely is on the site, such as `/similar-items/` for `public/similar-items`: what follows the
 * last folder with a usual name, else its own name. Begins and ends with a slash.
 */
export function siteAddress(folder: string): string {
  const names = resolve(folder).split(sep).filter(Boolean)
  const root = names.findLastIndex((name, index) => served.includes(name) && index < names.length - 1)
  return `/${names.slice(root < 0 ? -1 : root + 1).join('/')}/`
}

/** A tag with these attributes, those that are undefined left out, and its end tag. */
export function elementTag(
  attributes: Readonly<Record<string, string | undefined>>,
  name: 'similar-items' | 'similar-items-search' = 'similar-items',
): string {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : ` ${name}="${escapeAttribute(value)}"`,
  )
  return `<${name}${written.join('')}></${name}>`
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"<]/g, (character) => `&#${character.charCodeAt(0)};`)
}
