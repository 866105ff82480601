import { SimilarItemsError } from './errors.js'

/** Hex SHA-256. @throws SimilarItemsError `insecure-context` on a page without Web Crypto. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto?.subtle
  if (!subtle) {
    throw new SimilarItemsError(
      'insecure-context',
      'This page has no Web Crypto because it is not a secure context. Serve it over https, or from localhost.',
    )
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
