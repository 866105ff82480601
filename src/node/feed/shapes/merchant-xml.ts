import type { FeedItem } from '../feed-source.js'
import type { XmlRoot } from '../xml/read-elements.js'
import type { XmlElement } from '../xml/xml-element.js'
import type { XmlShape } from './xml-shape.js'

const googleNamespace = 'http://base.google.com/ns/1.0'

/**
 * RSS 2.0 or Atom, as Google Merchant takes it. Attributes in Google's namespace win over those of the format itself,
 * so `g:title` over `title`. Elements with elements inside (`g:shipping`) are left out.
 */
export const merchantXml: XmlShape = {
  name: 'merchant',
  isOf: () => true,
  elements: new Set(['item', 'entry']),
  async *items(elements, root) {
    for await (const element of elements) yield toItem(element, root)
  },
}

function toItem({ children }: XmlElement, { namespaces }: XmlRoot): FeedItem {
  const plain = new Map<string, string[]>()
  const google = new Map<string, string[]>()
  for (const child of children) {
    if (child.children.length > 0 || isOtherLink(child)) continue
    const text = `${child.attributes.href ?? ''}${child.text}`.trim()
    if (text === '') continue
    const [prefix = '', ...rest] = child.name.split(':')
    // Many feeds use the prefix g without declaring it.
    const isGoogle = rest.length > 0 && (prefix === 'g' || namespaces.get(prefix) === googleNamespace)
    const attributes = isGoogle ? google : plain
    const name = isGoogle ? rest.join(':') : child.name
    const values = attributes.get(name)
    if (values) values.push(text)
    else attributes.set(name, [text])
  }
  return { ...textsOrLists(plain), ...textsOrLists(google) }
}

/** Of the links of an Atom entry the alternate one is the product's page (RFC 4287, 4.2.7.2). */
function isOtherLink({ name, attributes }: XmlElement): boolean {
  return name === 'link' && attributes.rel !== undefined && attributes.rel !== 'alternate'
}

/** Of these there is one; Atom repeats `link` for other purposes. */
const singleNames: ReadonlySet<string> = new Set(['id', 'title', 'link', 'image_link'])

function textsOrLists(attributes: ReadonlyMap<string, readonly string[]>): FeedItem {
  return Object.fromEntries(
    Array.from(attributes, ([name, values]) => {
      const isSingle = values.length === 1 || singleNames.has(name)
      return [name, isSingle ? values[0] : values]
    }),
  )
}
