/** What these bytes are where they are no file of this package: "an empty file" or "a web page"; null for others. */
export function insteadOfFile(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'an empty file'
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart().toLowerCase()
  return start.startsWith('<!doctype') || start.startsWith('<html') ? 'a web page' : null
}
