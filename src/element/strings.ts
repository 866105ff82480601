/** Everything the element says in words. A shop overrides any of it with `element.strings = { ... }`. */
export interface ElementStrings {
  /** Heading of the section, unless the `heading` attribute or slot gives one. */
  readonly heading: string
  /** Accessible names of the carousel's buttons. */
  readonly previous: string
  readonly next: string
  /** Accessible name of the progress line. */
  readonly progress: string
  readonly outOfStock: string
  readonly preorder: string
  readonly backorder: string
  /** Read out before the two prices of a reduced product, which are otherwise told apart by their looks alone. */
  readonly salePrice: string
  readonly originalPrice: string
  /** Read out once the list is complete. */
  found(count: number, heading: string): string
}

const en: ElementStrings = {
  heading: 'Similar items',
  previous: 'Previous',
  next: 'Next',
  progress: 'Finding similar items',
  outOfStock: 'Out of stock',
  preorder: 'Pre-order',
  backorder: 'Back-order',
  salePrice: 'Sale price:',
  originalPrice: 'Original price:',
  found: (count, heading) => `${heading}: ${count} ${count === 1 ? 'product' : 'products'}`,
}

const languages: Readonly<Record<string, ElementStrings>> = { en }

/** The strings for a BCP 47 tag: those of the tag itself, else of its primary language, else English. */
export function stringsFor(language: string): ElementStrings {
  const tag = language.toLowerCase()
  return languages[tag] ?? languages[tag.split('-', 1)[0] ?? ''] ?? en
}
