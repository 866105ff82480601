/** The BCP 47 tag of the text around an element, across shadow roots; empty where the page states none. */
export function languageOf(element: Element): string {
  const declared = element.closest('[lang]')?.getAttribute('lang')
  if (declared !== null && declared !== undefined) return declared
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? languageOf(root.host) : ''
}
