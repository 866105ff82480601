import type { Space } from '../types.js'

/** A name for what belongs to a space, the same in every process: 32 letters and digits, for file names and tables. */
export function spaceKey({ fingerprint }: Space): Promise<string> {
  return digestKey(fingerprint)
}

/** The first half of a text's SHA-256, in hexadecimal digits. */
export async function digestKey(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
