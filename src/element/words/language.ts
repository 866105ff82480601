/** The BCP 47 tag of the text around an element, across shadow roots; empty where the page states none. */
export function languageOf(element: Element): string {
  const declared = element.closest('[lang]')?.getAttribute('lang')
  if (declared !== null && declared !== undefined) return toTag(declared)
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? languageOf(root.host) : ''
}

/** Servers write locales of their own into pages: `de_DE`, `de_DE.UTF-8`. */
function toTag(lang: string): string {
  return lang
    .trim()
    .replace(/[.@].*/, '')
    .replaceAll('_', '-')
}

/**
 * Calls back when a `lang` is set or taken away anywhere in the trees that an element stands in. Ends with `disconnect`;
 * to be made anew where the element stands elsewhere.
 */
export function watchLanguage(element: Element, onChange: () => void): MutationObserver {
  const observer = new MutationObserver(onChange)
  for (let root = element.getRootNode(); ; root = root.host.getRootNode()) {
    observer.observe(root, { subtree: true, attributeFilter: ['lang'] })
    if (!(root instanceof ShadowRoot)) return observer
  }
}
