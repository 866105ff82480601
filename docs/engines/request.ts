/** A request to a database that speaks JSON. Resolves with null where what is asked for is not there. */
export async function request(
  method: string,
  url: string,
  body?: unknown,
  { signal, headers }: { signal?: AbortSignal | undefined; headers?: Record<string, string> } = {},
  // biome-ignore lint/suspicious/noExplicitAny: what databases answer with.
): Promise<any> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: text }),
    signal: signal ?? null,
  })
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
  return response.json()
}
