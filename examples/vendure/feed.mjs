// Writes the products of a Vendure shop as a feed: node feed.mjs https://shop.example/shop-api feed.json
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// The Shop API gives 100 products at most in one answer.
const query = `query Feed($skip: Int!) {
  products(options: { take: 100, skip: $skip }) {
    totalItems
    items {
      id
      slug
      name
      featuredAsset { preview }
      facetValues { name facet { code } }
      variants { priceWithTax currencyCode stockLevel }
    }
  }
}`

/** All products of a shop, in the names of Google Merchant. */
export async function vendureFeed(shopApi) {
  const items = []
  for (;;) {
    const response = await fetch(shopApi, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { skip: items.length } }),
    })
    const { data, errors } = await response.json()
    if (errors) throw new Error(errors[0].message)
    items.push(...data.products.items.map(toItem))
    if (items.length >= data.products.totalItems || data.products.items.length === 0) return items
  }
}

function toItem({ id, slug, name, featuredAsset, facetValues, variants }) {
  const [cheapest] = variants.toSorted((a, b) => a.priceWithTax - b.priceWithTax)
  return {
    id,
    title: name,
    link: `/products/${slug}`,
    image_link: featuredAsset?.preview,
    // Vendure counts in hundredths, whatever the currency.
    price: cheapest && `${(cheapest.priceWithTax / 100).toFixed(2)} ${cheapest.currencyCode}`,
    availability: variants.some(({ stockLevel }) => stockLevel !== 'OUT_OF_STOCK')
      ? 'in_stock'
      : 'out_of_stock',
    brand: facetValues.find(({ facet }) => facet.code === 'brand')?.name,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [shopApi, file] = process.argv.slice(2)
  writeFileSync(file, JSON.stringify(await vendureFeed(shopApi)))
}
