import { sep } from 'node:path'

/**
 * The line for `scripts` in package.json that renews what `init` has made: with slashes that every shell reads, and
 * quoted as JSON wants it.
 * @param separator of the paths, as the system writes them.
 */
export function buildScript(feed: string, similar: string, files: string, separator: string = sep): string {
  const [from, out, copy] = [feed, similar, files].map((text) => argument(text, separator))
  return `"prebuild": ${JSON.stringify(`similar-items index ${from} --out ${out} && similar-items copy ${copy}`)}`
}

/** As it stands on a command line. Passwords belong into variables of the build. */
function argument(text: string, separator: string): string {
  if (/^https?:\/\/[^/]*@/i.test(text)) return 'FEED'
  const portable = /^https?:/i.test(text) ? text : text.replaceAll(separator, '/')
  return /^[\w./:@+=-]+$/.test(portable) ? portable : `"${portable.replaceAll('"', '\\"')}"`
}
