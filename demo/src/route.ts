export type CatalogueName = 'photos' | 'objects' | 'folder'

/** What the address after `#` means; everything lives there, so the shop works as static files anywhere. */
export type Route =
  | { readonly page: 'grid'; readonly catalogue: CatalogueName; readonly type: string | null }
  | { readonly page: 'product'; readonly catalogue: CatalogueName; readonly id: string }
  | { readonly page: 'how' }
  | { readonly page: 'better'; readonly catalogue: 'photos' | 'objects'; readonly id: string | null }

/**
 * `#/photos`, `#/photos?type=Plants`, `#/photos/laptop`, `#/how`, `#/better` or `#/better/objects/taco`; anything else is
 * the front page.
 */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [first = '', ...rest] = path.split('/')
  if (first === 'how') return { page: 'how' }
  if (first === 'better') {
    const [measured, ...named] = rest
    const id = decode(named.join('/'))
    return { page: 'better', catalogue: measured === 'objects' ? 'objects' : 'photos', id: id || null }
  }
  const catalogue = first === 'objects' || first === 'folder' ? first : 'photos'
  const id = decode(rest.join('/'))
  if (id) return { page: 'product', catalogue, id }
  return { page: 'grid', catalogue, type: new URLSearchParams(query).get('type') }
}

export function gridLink(catalogue: CatalogueName, type: string | null = null): string {
  return `#/${catalogue}${type === null ? '' : `?${new URLSearchParams({ type })}`}`
}

export function productLink(catalogue: CatalogueName, id: string): string {
  return `#/${catalogue}/${encodeURIComponent(id)}`
}

export function betterLink(catalogue: 'photos' | 'objects', id: string | null = null): string {
  return `#/better/${catalogue}${id === null ? '' : `/${encodeURIComponent(id)}`}`
}

/** Addresses are typed by people: what is not valid percent-encoding is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
