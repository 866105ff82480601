/** Marks the page's one status region, so that elements of two copies of this package share it too. */
const regionAttribute = 'data-similar-items-status'
/** Messages that come this close together are read out as one. */
const quietMilliseconds = 500

const waiting = new WeakMap<Document, Set<string>>()

/**
 * Puts the page's status region in place. Screen readers notice a change only in a region that was there before it,
 * so call this well ahead of `announce`.
 */
export function prepareAnnouncements(page: Document): void {
  statusRegion(page)
}

/**
 * Says something politely to screen readers, through one status region per page however many elements speak.
 * Aborting takes back a message that has not been said yet.
 */
export function announce(page: Document, message: string, signal: AbortSignal): void {
  let messages = waiting.get(page)
  if (!messages) {
    messages = new Set()
    waiting.set(page, messages)
    setTimeout(() => speak(page), quietMilliseconds)
  }
  messages.add(message)
  signal.addEventListener('abort', () => waiting.get(page)?.delete(message), { once: true })
}

function speak(page: Document): void {
  const messages = waiting.get(page)
  waiting.delete(page)
  if (messages?.size) statusRegion(page).textContent = [...messages].join('. ')
}

function statusRegion(page: Document): HTMLElement {
  const existing = page.querySelector<HTMLElement>(`[${regionAttribute}]`)
  if (existing) return existing
  const region = page.createElement('div')
  region.setAttribute(regionAttribute, '')
  region.setAttribute('role', 'status')
  // Set through the CSSOM, which a strict Content-Security-Policy allows, unlike a style attribute.
  Object.assign(region.style, {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  })
  page.body.append(region)
  return region
}
