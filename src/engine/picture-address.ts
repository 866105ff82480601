/**
 * The picture behind an address that only this page can read, or that holds it: workers under a strict policy may fetch
 * neither. Null for other addresses, and where the picture cannot be read.
 */
export async function readLocalAddress(url: string): Promise<Blob | ImageBitmap | null> {
  if (url.startsWith('data:')) return blobOfData(url)
  if (!url.startsWith('blob:')) return null
  return (await fetchBlob(url)) ?? (await readImage(url))
}

/** The content of a `data:` URL (RFC 2397), which needs no `connect-src data:` so. Null where it is malformed. */
export function blobOfData(url: string): Blob | null {
  const [, head = '', body] = /^data:([^,]*),([\s\S]*)$/.exec(url.replace(/#.*$/s, '')) ?? []
  if (body === undefined) return null
  const isBase64 = /;\s*base64\s*$/i.test(head)
  const type = head.split(';', 1)[0]?.trim() ?? ''
  try {
    const text = unescapeBytes(body)
    const bytes = isBase64 ? atob(text) : text
    return new Blob([Uint8Array.from(bytes, (character) => character.charCodeAt(0))], { type })
  } catch {
    return null
  }
}

/** Percent-encoded bytes as characters up to U+00FF; others become UTF-8. */
function unescapeBytes(text: string): string {
  const utf8 = text.replace(/[^\0-\x7f]+/g, encodeURIComponent)
  return utf8.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Null where the policy forbids `connect-src blob:`, or the blob is gone. */
async function fetchBlob(url: string): Promise<Blob | null> {
  try {
    return await (await fetch(url)).blob()
  } catch {
    return null
  }
}

/** The pixels of a picture that the page may show. */
async function readImage(url: string): Promise<ImageBitmap | null> {
  const image = new Image()
  image.src = url
  try {
    await image.decode()
    return await createImageBitmap(image)
  } catch {
    return null
  }
}
