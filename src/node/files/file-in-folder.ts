import { join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseUrl } from '../../parse-url.js'

/** A host that cannot exist, for the links of feeds that have no URL. */
export const nowhere = 'http://relative.invalid/'

/** Whether a link of a feed means something beside the feed: it names neither a scheme nor a host. */
export function isRelativeLink(link: string): boolean {
  // Nearly all have no scheme, and what is no URL costs an exception.
  return (!link.includes(':') || parseUrl(link) === null) && !/^\s*[/\\]{2}/.test(link)
}

/** The `file:` URL of what a relative link means in a folder; it never leads out of the folder. */
export function fileInFolder(folder: string, link: string): string {
  const root = resolve(folder)
  const { pathname } = new URL(link, nowhere)
  const path = join(root, decoded(pathname))
  // A separator that was written as %2F has not been seen before.
  const isInside = path.startsWith(root.endsWith(sep) ? root : root + sep)
  return pathToFileURL(isInside ? path : join(root, pathname)).href
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname // A percent sign that stands for itself.
  }
}
