/** A text that no other state of what is stored has. Not `randomUUID`, which pages without HTTPS do not have. */
export function newRevision(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-')
}
