import { SimilarItemsError } from '../../../errors.js'
import type { FeedSource, ReadItems } from '../feed-source.js'
import { heurekaXml } from '../shapes/heureka-xml.js'
import { merchantXml } from '../shapes/merchant-xml.js'
import type { XmlShape } from '../shapes/xml-shape.js'
import { yandexYml } from '../shapes/yandex-yml.js'
import { escapeAmpersands } from './bare-ampersands.js'
import { readElements, type XmlRoot } from './read-elements.js'
import type { XmlElement } from './xml-element.js'

const bareAmpersand = 'The feed has an & that is not written &amp;, which XML forbids; it was read as meant.'

const shapes: readonly XmlShape[] = [yandexYml, heurekaXml, merchantXml]

/**
 * The items of an XML feed, of the shape that its root tells.
 * @param onlyShape of which it is in any case.
 * @throws SimilarItemsError `catalog-invalid` with the position of the first error, and without any item.
 */
export async function readXmlItems(
  { text, location, context }: FeedSource,
  onlyShape?: XmlShape,
): Promise<ReadItems> {
  let root: XmlRoot | undefined
  let shape = onlyShape ?? merchantXml
  let isNoted = false
  const noteAmpersand = () => {
    if (!isNoted) context.report.note(null, bareAmpersand)
    isNoted = true
  }
  const elements = readElements(
    escapeAmpersands(text, noteAmpersand),
    (opened) => {
      root = opened
      shape = onlyShape ?? (shapes.find((other) => other.isOf(opened)) as XmlShape)
      return shape.elements
    },
    noteAmpersand,
    location,
  )
  const first = await elements.next()
  if (first.done || root === undefined) {
    if (/^html$/i.test(root?.name ?? '')) throw webPage(location)
    const names = [...shape.elements]
      .slice(0, 2)
      .map((name) => `<${name}>`)
      .join(' or ')
    const message =
      `The feed ${location} has no ${names}: its root is <${root?.name ?? ''}>. ` +
      'If its products are called otherwise, say how with --map items=NAME.'
    throw new SimilarItemsError('catalog-invalid', message, { subject: location })
  }
  return { shape: shape.name, items: shape.items(prepend(first.value, elements), root, context) }
}

function webPage(location: string): SimilarItemsError {
  const message = `The feed ${location} is a web page. Check its address, and whether it needs a password.`
  return new SimilarItemsError('catalog-invalid', message, { subject: location })
}

async function* prepend(first: XmlElement, rest: AsyncIterable<XmlElement>): AsyncGenerator<XmlElement> {
  yield first
  yield* rest
}
