import { decodeHTML } from 'entities'
import type { FeedItem } from '../feed-source.js'
import { linksOf } from '../item-parts/links-of.js'
import { merchantName } from '../item-parts/merchant-names.js'
import { picturesIn } from '../item-parts/picture-links.js'
import type { XmlRoot } from '../xml/read-elements.js'
import type { XmlElement } from '../xml/xml-element.js'
import type { XmlShape } from './xml-shape.js'

const googleNamespace = /^https?:\/\/base\.google\.com\/ns\/1\.0\/?$/

/**
 * RSS 2.0 or Atom, as Google Merchant takes it. Attributes in Google's namespace win over those of the format itself,
 * so `g:title` over `title`. Elements with elements inside (`g:shipping`) are left out.
 */
export const merchantXml: XmlShape = {
  name: 'merchant',
  isOf: () => true,
  elements: new Set(['item', 'entry', 'product', 'Item', 'Entry', 'Product', 'ITEM', 'ENTRY', 'PRODUCT']),
  async *items(elements, root) {
    for await (const element of elements) yield toItem(element, root)
  },
}

function toItem({ name: own, children, attributes: given }: XmlElement, { namespaces }: XmlRoot): FeedItem {
  const plain = new Map<string, string[]>()
  const google = new Map<string, string[]>()
  const pictures: string[] = []
  const isShouted = own === own.toUpperCase()
  const ownPrefix = prefixOf(own)
  for (const child of children) {
    pictures.push(...enclosedPictures(child))
    if (child.children.length > 0 || isOtherLink(child)) continue
    const text = textOf(child)
    if (text === '') continue
    const prefix = prefixOf(child.name)
    const local = child.name.slice(prefix === '' ? 0 : prefix.length + 1)
    // Many feeds use the prefix g without declaring it.
    const isGoogle =
      prefix !== '' && (prefix.toLowerCase() === 'g' || googleNamespace.test(namespaces.get(prefix) ?? ''))
    const attributes = isGoogle ? google : plain
    const isOfFormat = prefix === '' || prefix === ownPrefix
    const written = isGoogle || isOfFormat ? local : child.name
    const name = merchantName(isGoogle || isShouted ? written.toLowerCase() : written)
    // Meta has all of them in one element.
    const texts = name === 'additional_image_link' ? linksOf(text) : [text]
    const before = attributes.get(name)
    if (before) before.push(...texts)
    else attributes.set(name, texts)
  }
  const item = { ...textsOrLists(plain), ...textsOrLists(google) }
  return {
    ...(!('id' in item) && ownId(given)),
    ...(!('image_link' in item) && enclosure(pictures)),
    ...item,
  }
}

/** `<product id="1">`, in any spelling. */
function ownId(given: XmlElement['attributes']): FeedItem {
  const id = Object.entries(given).find(([name, value]) => /^id$/i.test(name) && value.trim() !== '')?.[1]
  return id === undefined ? {} : { id: id.trim() }
}

/** As a list, which goes where a picture is made of it. */
function enclosure(pictures: readonly string[]): FeedItem {
  return pictures.length === 0 ? {} : { enclosure: pictures }
}

/** The addresses of pictures that RSS, Atom or Media RSS encloses, or that are in a list of pictures. */
function enclosedPictures({ name, attributes, children }: XmlElement): readonly string[] {
  if (children.length > 0) {
    const isGallery = /^(images|pictures|photos|imgs)$/i.test(name)
    return isGallery ? children.flatMap(({ text, attributes: own }) => picturesIn(text || own)) : []
  }
  const { url, href, rel, type = '', medium = '' } = attributes
  const isEnclosure = /^(enclosure|media:(content|thumbnail))$/.test(name) || rel === 'enclosure'
  const address = (url ?? href ?? '').trim()
  if (!isEnclosure || address === '') return []
  const kind = type || medium
  // What names no kind has an ending; addresses that are made by a script have none.
  const ending = /^(?:https?:)?(?:\/\/[^/?#]*)?[^?#]*\.([a-z\d]{2,5})(?:[?#]|$)/i.exec(address)?.[1]
  const isPicture = kind === '' ? ending === undefined || isPictureName.test(ending) : /^image\b/i.test(kind)
  return isPicture ? [address] : []
}

const isPictureName = /^(?:jpe?g|png|webp|gif|avif|heic|tiff?|bmp|svg)$/i

function prefixOf(name: string): string {
  return name.includes(':') ? name.slice(0, name.indexOf(':')) : ''
}

/** Atom says where a text is markup (RFC 4287, 3.1.1.2). */
function textOf({ text, attributes }: XmlElement): string {
  const written = `${attributes.href ?? ''}${text}`.trim()
  if (attributes.type !== 'html') return written
  // Behind the last one no tag ends, which would be looked for from every `<`.
  const end = written.lastIndexOf('>') + 1
  const plain = written.slice(0, end).replace(/<[a-z/!][^>]*>/gi, '') + written.slice(end)
  return decodeHTML(plain).trim()
}

/** Of the links of an Atom entry the alternate one is the product's page (RFC 4287, 4.2.7.2). */
function isOtherLink({ name, attributes }: XmlElement): boolean {
  return /(^|:)link$/.test(name) && attributes.rel !== undefined && attributes.rel !== 'alternate'
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
