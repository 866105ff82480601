/** Unique enough to join an impression with the click that followed. `randomUUID` needs a secure context. */
export function newQueryId(): string {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
  return high.toString(36) + low.toString(36)
}
