import type { SettingsElement } from '../settings-element.js'

/** By then a page has set what it sets, in milliseconds. */
const patience = 3000

/**
 * Says on the console when neighbours are given but not what they are: such an element waits for a catalogue, and a
 * page that forgot it sees nothing.
 * @param hasFeed whether the element has an inline feed by now.
 */
export function warnOfMissingProducts(
  element: SettingsElement,
  hasFeed: () => boolean,
  signal: AbortSignal,
): void {
  const timer = setTimeout(() => {
    const { neighbors, catalog, products, engineUrl } = element
    if (neighbors === '' || engineUrl !== '' || catalog.length > 0 || products || hasFeed()) return
    console.warn(
      '<similar-items neighbors>: neighbours are ids. Set the catalog attribute or the products property for what they are.',
    )
  }, patience)
  signal.addEventListener('abort', () => clearTimeout(timer))
}
