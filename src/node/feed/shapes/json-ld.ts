import type { FeedItem } from '../feed-source.js'
import { reducedPrice } from '../item-parts/reduced-price.js'
import { toItem } from '../item-parts/to-item.js'
import { isObject, type JsonObject, type JsonShape, textIn } from './json-shape.js'

/**
 * schema.org `Product` and `ProductGroup` as JSON-LD, the markup that pages of shops have for search engines: alone, in
 * lists and graphs, or one a line. The variants of a group (`hasVariant`) are items that have the rest from the group.
 */
export const jsonLd: JsonShape = {
  name: 'json-ld',
  isOf: (first) => '@type' in first || '@graph' in first || '@context' in first,
  async *items(values, { currency }) {
    const nodes: JsonObject[] = []
    for await (const value of values) collect(value, nodes, 0)
    const byId = new Map(
      nodes.flatMap((node) => (typeof node['@id'] === 'string' ? [[node['@id'], node]] : [])),
    )
    const graph = new Graph(byId)
    const variants = new Set(nodes.flatMap((node) => graph.objects(node.hasVariant)))
    for (const node of nodes) {
      if (!variants.has(node)) yield* productsOf(node, graph, currency)
    }
  },
}

/** Deeper is no markup of a product. */
const deepest = 8

/** The nodes that may be products, out of lists, graphs and pages. */
function collect(value: unknown, nodes: JsonObject[], depth: number): void {
  if (depth > deepest) return
  if (Array.isArray(value)) {
    for (const element of value) collect(element, nodes, depth + 1)
  } else if (isObject(value)) {
    nodes.push(value)
    for (const name of ['@graph', 'itemListElement', 'item', 'mainEntity']) {
      if (name in value) collect(value[name], nodes, depth + 1)
    }
  }
}

/** Follows references: `{ "@id": "#offer" }` stands for the node that has more under that id. */
class Graph {
  readonly #byId: ReadonlyMap<unknown, JsonObject>

  constructor(byId: ReadonlyMap<unknown, JsonObject>) {
    this.#byId = byId
  }

  /** One object or a list of them. */
  objects(value: unknown): JsonObject[] {
    const list = Array.isArray(value) ? value : [value]
    return list.filter(isObject).map((object) => {
      const isReference = typeof object['@id'] === 'string' && Object.keys(object).length === 1
      return (isReference && this.#byId.get(object['@id'])) || object
    })
  }
}

function typesOf(node: JsonObject): string[] {
  const types = Array.isArray(node['@type']) ? node['@type'] : [node['@type']]
  return types.filter((type) => typeof type === 'string').map((type) => type.replace(/^.*[/#:]/, ''))
}

function* productsOf(node: JsonObject, graph: Graph, currency: string | undefined): Generator<FeedItem> {
  const types = typesOf(node)
  const variants = graph.objects(node.hasVariant)
  if (variants.length > 0 && types.some((type) => type === 'ProductGroup' || type === 'Product')) {
    const { hasVariant: _, '@id': id, '@type': __, sku, productID, ...common } = node
    const group =
      textIn(node.productGroupID) ?? textIn(sku) ?? textIn(productID) ?? textIn(id) ?? textIn(node.url)
    for (const variant of variants) {
      yield toProduct({ ...common, ...variant, inProductGroupWithID: group }, graph, currency)
    }
  } else if (
    types.some((type) => /^(Product|ProductGroup|ProductModel|IndividualProduct|SomeProducts)$/.test(type))
  ) {
    yield toProduct(node, graph, currency)
  }
}

function toProduct(node: JsonObject, graph: Graph, currency: string | undefined): FeedItem {
  const [offer = {}] = graph.objects(node.offers)
  const [inner = {}] = graph.objects(offer.offers)
  const [parent = {}] = graph.objects(node.isVariantOf)
  return toItem({
    id: first(node.sku, node.productID, node.mpn, node['@id'], node.url),
    title: first(node.name),
    description: first(node.description),
    link: first(node.url, offer.url, inner.url),
    pictures: picturesOf(node.image, graph),
    ...pricesOf(offer, graph, currency),
    availability: first(offer.availability, inner.availability),
    brand: named(node.brand, graph) ?? named(node.manufacturer, graph),
    product_type: named(node.category, graph)
      ?.split(/[>/›»]/)
      .map((part) => part.trim())
      .join(' > '),
    item_group_id: first(node.inProductGroupWithID, parent.productGroupID, parent['@id']),
    color: first(node.color),
    size: named(node.size, graph),
    gtin: first(node.gtin, node.gtin13, node.gtin14, node.gtin12, node.gtin8),
    mpn: first(node.mpn),
  })
}

/** The first text among values, each a text, `{ "@value": "..." }`, or a list of these. */
function first(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const [plain] = Array.isArray(value) ? value : [value]
    const text = textIn(isObject(plain) ? plain['@value'] : plain)
    if (text !== undefined) return text
  }
  return undefined
}

/** What is named by a text or by something with a name. */
function named(value: unknown, graph: Graph): string | undefined {
  return first(value) ?? first(graph.objects(value)[0]?.name)
}

function picturesOf(image: unknown, graph: Graph): string[] {
  const list = Array.isArray(image) ? image : [image]
  return list.map((one) => {
    const [object] = graph.objects(one)
    return (object ? first(object.contentUrl, object.url, object['@id']) : textIn(one)) ?? ''
  })
}

function pricesOf(offer: JsonObject, graph: Graph, currency: string | undefined) {
  const specifications = graph.objects(offer.priceSpecification)
  const isFormer = ({ priceType }: JsonObject) =>
    /(ListPrice|StrikethroughPrice|SRP|MSRP)$/.test(first(priceType) ?? '')
  const now = specifications.find((specification) => !isFormer(specification))
  const before = specifications.find(isFormer)
  const code = first(offer.priceCurrency, now?.priceCurrency, before?.priceCurrency) ?? currency
  return reducedPrice(first(offer.price, offer.lowPrice, now?.price), first(before?.price), code)
}
