import type { Space } from '../types.js'

/** A name for what belongs to a space, the same in every process: 32 letters and digits, for file names and tables. */
export async function spaceKey({ fingerprint }: Space): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(fingerprint))
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
