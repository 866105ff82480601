/**
 * The element in `container` that has the focus, or null. `:focus` tells less: in WebKit it matches nothing while the
 * window is not the active one, but the element has the focus again when the shopper comes back.
 */
export function focusedIn(container: Element): HTMLElement | null {
  const { activeElement } = container.getRootNode() as Document | ShadowRoot
  return activeElement && container.contains(activeElement) ? (activeElement as HTMLElement) : null
}
