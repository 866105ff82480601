/** Attributes of Google Merchant whose names its APIs and many plugins write in other ways. */
const names = [
  'image_link',
  'additional_image_link',
  'item_group_id',
  'sale_price',
  'sale_price_effective_date',
  'product_type',
  'google_product_category',
] as const

const canonical = new Map<string, string>(
  names.flatMap((name) => [
    [bareName(name), name],
    [`${bareName(name)}s`, name],
  ]),
)

/** The attribute that a name means: `imageLink`, `Image-Link` and `g:image_link` are `image_link`. */
export function merchantName(name: string): string {
  const own = name.replace(/^g:/i, '')
  return canonical.get(bareName(own)) ?? own
}

/** A name as it is compared: `image_url`, `imageUrl` and `Image URL` are the same. */
export function bareName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}
