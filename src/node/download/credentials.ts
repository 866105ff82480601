import { parseUrl } from '../../parse-url.js'

/** A URL without its name and password, and the header that says them instead. */
export interface SplitUrl {
  readonly url: string
  /** Value of an `Authorization` header (RFC 7617); undefined where the URL has no credentials. */
  readonly authorization: string | undefined
}

/** Takes the credentials out of `https://user:password@host/`. What is no URL comes back as it is. */
export function splitCredentials(written: string): SplitUrl {
  const url = parseUrl(written)
  if (url === null) return { url: written, authorization: undefined }
  const { username, password } = url
  if (username === '' && password === '') return { url: written, authorization: undefined }
  url.username = ''
  url.password = ''
  const pair = `${decoded(username)}:${decoded(password)}`
  return { url: url.href, authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` }
}

/** A text without the credentials of the URLs in it: what is printed, reported or published. */
export function withoutCredentials(text: string): string {
  return text.includes('@') ? text.replace(credentials, '//') : text
}

/** Up to the last `@` before the path; a URL that is none for its password has more before it. */
const credentials = /\/\/[^\s/?#"'<>\\]*@/g

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A percent sign that stands for itself.
  }
}
