/** Where a status region is: the page, or a modal dialog, since one outside of it is silent. */
export type Stage = Document | HTMLElement

/** Marks the page's one status region, so that elements of two copies of this package share it too. */
const regionAttribute = 'data-similar-items-status'
/** Messages that come this close together are read out as one. */
const quietMilliseconds = 500

/** A message is worded when it is said: a browser's first plural takes long, and the list is on the screen by then. */
type Message = () => string

const waiting = new WeakMap<Stage, Set<Message>>()

/**
 * Puts a stage's status region in place. Screen readers notice a change only in a region that was there before it,
 * so call this well ahead of `announce`.
 */
export function prepareAnnouncements(stage: Stage): void {
  statusRegion(stage)
}

/**
 * Says something politely to screen readers, through one status region per stage however many elements speak.
 * Aborting takes back a message that has not been said yet.
 * @returns takes it back as well.
 */
export function announce(stage: Stage, message: Message, signal: AbortSignal): () => void {
  let messages = waiting.get(stage)
  if (!messages) {
    messages = new Set()
    waiting.set(stage, messages)
    setTimeout(() => speak(stage), quietMilliseconds)
  }
  messages.add(message)
  const takeBack = () => void waiting.get(stage)?.delete(message)
  signal.addEventListener('abort', takeBack, { once: true })
  return takeBack
}

function speak(stage: Stage): void {
  const messages = waiting.get(stage)
  waiting.delete(stage)
  if (!messages?.size) return
  const texts = new Set(Array.from(messages, (message) => message()))
  statusRegion(stage).textContent = [...texts].join('. ').replaceAll('.. ', '. ')
}

function statusRegion(stage: Stage): HTMLElement {
  const existing = stage.querySelector<HTMLElement>(`[${regionAttribute}]`)
  if (existing) return existing
  const region = document.createElement('div')
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
  // The document of a frame is no instance of this window's Document.
  const { body = stage } = stage as Document
  body.append(region)
  return region
}
