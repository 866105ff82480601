/**
 * The colour that is behind an element: a dialog, which is in front of everything, takes it for its own, so that it is
 * dark where the page is dark, whatever made the page so. `Canvas` where the page sets none.
 */
export function pageColor(element: Element): string {
  for (let current: Element | null = element; current; current = parentOf(current)) {
    const { backgroundColor } = getComputedStyle(current)
    if (isOpaque(backgroundColor)) return backgroundColor
  }
  return 'Canvas'
}

/** Computed colours have a fourth number, or one after a slash, where they are not opaque. */
function isOpaque(color: string): boolean {
  return color !== 'transparent' && !color.startsWith('rgba(') && !color.includes('/')
}

function parentOf(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot
  if (element.parentElement) return element.parentElement
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? root.host : null
}
