/**
 * Fetches, and where that fails once more past the HTTP cache. An `<img>` asks without `Origin`; a host that sends
 * its CORS headers only when asked with one, and no `Vary`, leaves an answer in the cache that no script may read.
 * @throws what `fetch` throws.
 */
export async function fetchPastCache(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal })
  } catch (error) {
    signal.throwIfAborted()
    // What is no TypeError did not come from the network.
    if (!(error instanceof TypeError) || !/^https?:/.test(url)) throw error
    return fetch(url, { signal, cache: 'reload' })
  }
}
