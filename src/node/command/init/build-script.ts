import { sep } from 'node:path'

/**
 * The line for `scripts` in package.json that renews what `init` has made: with slashes that every shell reads, and
 * quoted as JSON wants it.
 * @param files the folder of the copied package, or null where the bundler brings it.
 * @param images the folder of the pictures, where `index` does not find it by itself.
 * @param separator of the paths, as the system writes them.
 */
export function buildScript(
  feed: string,
  similar: string,
  files: string | null,
  images?: string,
  separator: string = sep,
): string {
  const pictures = images === undefined ? '' : ` --images ${argument(images, separator)}`
  const index = `similar-items index ${argument(feed, separator)} --out ${argument(similar, separator)}${pictures}`
  const copy = files === null ? '' : ` && similar-items copy ${argument(files, separator)}`
  return `"prebuild": ${JSON.stringify(index + copy)}`
}

/** As it stands on a command line. Passwords belong into variables of the build. */
function argument(text: string, separator: string): string {
  if (/^https?:\/\/[^/]*@/i.test(text)) return 'FEED'
  const portable = /^https?:/i.test(text) ? text : text.replaceAll(separator, '/')
  return /^[\w./:@+=-]+$/.test(portable) ? portable : `"${portable.replaceAll('"', '\\"')}"`
}
