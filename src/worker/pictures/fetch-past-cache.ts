/**
 * Fetches, and where that fails once more past the HTTP cache. An `<img>` asks without `Origin`; a host that sends
 * its CORS headers only when asked with one, and no `Vary`, leaves an answer in the cache that no script may read.
 * @throws what `fetch` throws.
 */
export const fetchPastCache: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init)
  } catch (error) {
    init?.signal?.throwIfAborted()
    // What is no TypeError did not come from the network.
    if (!(error instanceof TypeError) || !/^https?:/.test(String(input))) throw error
    return fetch(input, { ...init, cache: 'reload' })
  }
}
