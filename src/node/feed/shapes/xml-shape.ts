import type { FeedItem, ShapeContext } from '../feed-source.js'
import type { XmlRoot } from '../xml/read-elements.js'
import type { XmlElement } from '../xml/xml-element.js'

/** One way in which shops write their products as XML. */
export interface XmlShape {
  readonly name: string
  isOf(root: XmlRoot): boolean
  /** Names of the elements that it needs: those of items, and those that say something about all. */
  readonly elements: ReadonlySet<string>
  items(elements: AsyncIterable<XmlElement>, root: XmlRoot, context: ShapeContext): AsyncIterable<FeedItem>
}
