import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** `fetch` that also answers `file:` URLs: 404 where there is no such file, so that callers treat both alike. */
export const fileFetch: typeof fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input)
  if (!url.startsWith('file:')) return fetch(input, init)
  try {
    return new Response(await readFile(new URL(url), { signal: init?.signal ?? undefined }))
  } catch (error) {
    if (isMissing(error)) return new Response(null, { status: 404 })
    throw error
  }
}

/** The absolute URL of a file or folder that a command line names by URL or path. */
export function toUrl(location: string): string {
  return isWebUrl(location) ? location : pathToFileURL(resolve(location)).href
}

export function isWebUrl(location: string): boolean {
  return /^https?:/i.test(location)
}

/** True for the error of a file system call on something that does not exist. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}
