import { type SaxesAttributePlain, SaxesParser } from 'saxes'
import { SimilarItemsError } from '../../errors.js'
import type { FeedSource } from './feed-source.js'

const googleNamespace = 'http://base.google.com/ns/1.0'

/** Elements that are one product: of RSS 2.0 and of Atom. */
const itemNames: ReadonlySet<string> = new Set(['item', 'entry'])

/**
 * The items of an RSS 2.0 or Atom feed. Attributes in Google's namespace win over those of the format itself, so
 * `g:title` over `title`. Elements with elements inside (`g:shipping`) are left out.
 * @throws SimilarItemsError `catalog-invalid` with the position of the first error.
 */
export async function readXmlItems({ text, location, omit }: FeedSource): Promise<readonly unknown[]> {
  const reader = new ItemReader(omit)
  // Namespaces are not resolved: a prefix that is not declared would be an error.
  const parser = new SaxesParser()
  const invalid = (what: string, cause?: unknown) =>
    new SimilarItemsError('catalog-invalid', `The feed ${location} ${what}.`, { cause, subject: location })
  parser.on('error', (error) => {
    throw invalid(`is not well-formed XML at line:column ${error.message}`, error)
  })
  parser.on('opentag', ({ name, attributes }) => reader.open(name, attributes))
  parser.on('text', (content) => reader.text(content))
  parser.on('cdata', (content) => reader.text(content))
  parser.on('closetag', ({ name }) => reader.close(name))
  for await (const piece of text) parser.write(piece)
  parser.close()
  if (reader.items.length > 0) return reader.items
  throw invalid(`has no <item> or <entry>: its root is <${reader.root}>`)
}

class ItemReader {
  readonly items: Record<string, string | string[]>[] = []
  root = ''
  readonly #omit: ReadonlySet<string>
  #depth = 0
  /** Depth of the item that is open; 0 outside. */
  #itemDepth = 0
  #plain = new Map<string, string[]>()
  #google = new Map<string, string[]>()
  /** Of names in Google's namespace; many feeds use the first without declaring it. */
  readonly #googlePrefixes = new Set(['g'])
  #content = ''
  /** The element is left out. */
  #isLeftOut = false

  constructor(omit: ReadonlySet<string>) {
    this.#omit = omit
  }

  open(name: string, attributes: Record<string, SaxesAttributePlain | string>): void {
    if (this.#depth++ === 0) this.root = name
    for (const [attribute, value] of Object.entries(attributes)) {
      if (value === googleNamespace && attribute.startsWith('xmlns:'))
        this.#googlePrefixes.add(attribute.slice(6))
    }
    if (this.#itemDepth === 0) {
      if (!itemNames.has(name)) return
      this.#itemDepth = this.#depth
      this.#plain = new Map()
      this.#google = new Map()
    } else if (this.#depth === this.#itemDepth + 1) {
      this.#content = typeof attributes.href === 'string' ? attributes.href : ''
      // Of the links of an Atom entry the alternate one is the product's page (RFC 4287, 4.2.7.2).
      this.#isLeftOut =
        name === 'link' && typeof attributes.rel === 'string' && attributes.rel !== 'alternate'
    } else {
      this.#isLeftOut = true
    }
  }

  text(content: string): void {
    if (this.#itemDepth > 0 && this.#depth === this.#itemDepth + 1) this.#content += content
  }

  close(name: string): void {
    if (this.#itemDepth > 0 && this.#depth === this.#itemDepth) {
      this.items.push({ ...toItem(this.#plain), ...toItem(this.#google) })
      this.#itemDepth = 0
    } else if (this.#itemDepth > 0 && this.#depth === this.#itemDepth + 1 && !this.#isLeftOut) {
      this.#add(name, this.#content.trim())
    }
    this.#depth--
  }

  #add(name: string, content: string): void {
    if (content === '') return
    const [prefix, ...rest] = name.split(':')
    const isGoogle = rest.length > 0 && this.#googlePrefixes.has(prefix as string)
    const attributes = isGoogle ? this.#google : this.#plain
    const key = isGoogle ? rest.join(':') : name
    if (this.#omit.has(key)) return
    const values = attributes.get(key)
    if (values) values.push(content)
    else attributes.set(key, [content])
  }
}

/** Of these there is one; Atom repeats `link` for other purposes. */
const singleNames: ReadonlySet<string> = new Set(['id', 'title', 'link', 'image_link'])

function toItem(attributes: ReadonlyMap<string, readonly string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Array.from(attributes, ([name, values]) => {
      const isSingle = values.length === 1 || singleNames.has(name)
      return [name, isSingle ? (values[0] as string) : [...values]]
    }),
  )
}
