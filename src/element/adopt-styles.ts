/** A constructed stylesheet belongs to one document, and is shared by all shadow roots there. */
const sheets = new WeakMap<Document, Map<string, CSSStyleSheet>>()

/**
 * Gives a shadow root these styles, in this order, and no others; again after it has moved to another document. A
 * constructed stylesheet passes a strict Content-Security-Policy; browsers without them get a `<style>`.
 */
export function adoptStyles(root: ShadowRoot, ...texts: readonly string[]): void {
  const page = root.ownerDocument
  const Sheet = page.defaultView?.CSSStyleSheet
  if (Sheet && 'replaceSync' in Sheet.prototype && 'adoptedStyleSheets' in root) {
    root.adoptedStyleSheets = texts.map((text) => sheetOf(page, Sheet, text))
    return
  }
  for (const style of root.querySelectorAll(':scope > style')) style.remove()
  for (const text of texts) {
    const style = page.createElement('style')
    style.textContent = text
    root.append(style)
  }
}

function sheetOf(page: Document, Sheet: typeof CSSStyleSheet, text: string): CSSStyleSheet {
  const known = sheets.get(page) ?? new Map<string, CSSStyleSheet>()
  sheets.set(page, known)
  let sheet = known.get(text)
  if (!sheet) {
    sheet = new Sheet()
    sheet.replaceSync(text)
    known.set(text, sheet)
  }
  return sheet
}
