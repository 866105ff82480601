import { loadCatalogue, type ShopCatalogue, type ShopProduct } from './catalogue.js'
import { canAskDatabase } from './database/asking.js'
import { promise } from './database/promise.js'
import { create } from './dom.js'
import type { folderCatalogue } from './folder.js'
import { parseRoute, type Route } from './route.js'
import { ScrollMemory } from './scroll-memory.js'
import { Stage } from './stage.js'
import { chooseFolderView, folderIntro } from './views/choose-folder.js'
import { gridView } from './views/grid.js'
import { howView } from './views/how.js'
import { introView } from './views/intro.js'
import { photoSearchView } from './views/photo-search.js'
import { problemView } from './views/problem.js'
import { productView } from './views/product.js'

interface View {
  readonly title: string
  readonly content: readonly HTMLElement[]
  /** What to show similar items of. */
  readonly similarTo?: { readonly catalogue: ShopCatalogue; readonly product: ShopProduct }
}

/** The photos of this device, while the page is open. */
let folder: ReturnType<typeof folderCatalogue> | null = null

const content = create('div', { class: 'content' })
const stage = new Stage(showPromise)
const scroll = new ScrollMemory()
document.querySelector('main')?.replaceChildren(content, stage.root)
document.querySelector('.skip')?.addEventListener('click', (event) => {
  // The address after `#` is the shop's; the link must not change it.
  event.preventDefault()
  document.querySelector('main')?.focus()
})
addEventListener('hashchange', () => show({ moveFocus: true }))
showPromise()
show({ moveFocus: false })

/** What becomes of what people show the demo, at the foot of each page. */
function showPromise(): void {
  if (!canAskDatabase) return
  const place = document.querySelector('#promise')
  if (place) place.textContent = promise()
}

async function show({ moveFocus }: { moveFocus: boolean }): Promise<void> {
  const hash = location.hash
  const route = parseRoute(hash)
  const view = await viewOf(route)
  // Somebody went on while the catalogue was loading.
  if (location.hash !== hash) return
  document.title = `${view.title} · Kindred`
  markSection(route.page === 'how' || route.page === 'better' ? route.page : route.catalogue)
  content.replaceChildren(...view.content)
  if (view.similarTo) stage.show(view.similarTo.catalogue, view.similarTo.product)
  else stage.clear()
  content.querySelector('.shelves [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  scroll.restore()
  if (moveFocus) focusHeading()
}

/** Tells people who do not see it that another page is there, and lets the next Tab start from its top. */
function focusHeading(): void {
  const heading = content.querySelector('h1')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

async function viewOf(route: Route): Promise<View> {
  if (route.page === 'how') return { title: 'How it works', content: howView() }
  if (route.page === 'better') return comparisonView(route)
  let catalogue: ShopCatalogue | null
  try {
    catalogue = route.catalogue === 'folder' ? folder : await loadCatalogue(route.catalogue)
  } catch (error) {
    return notLoaded('The catalogue could not be loaded', error)
  }
  if (!catalogue) return { title: 'Your photos', content: chooseFolderView(openFolder) }
  if (route.page === 'grid') {
    const intro =
      catalogue === folder ? folderIntro(folder, closeFolder) : introView(photoSearchView(catalogue))
    return { title: route.type ?? 'Everything', content: gridView(catalogue, route.type, intro) }
  }
  const product = catalogue.products.find(({ id }) => id === route.id)
  if (product) {
    const similarTo = { catalogue, product }
    return { title: product.title, content: productView(catalogue, product), similarTo }
  }
  return {
    title: 'Not here',
    content: problemView('This product is not here', `None has the id “${route.id}”.`),
  }
}

/** Its code and data are loaded by those who ask for it only. */
async function comparisonView({ catalogue, id }: Extract<Route, { page: 'better' }>): Promise<View> {
  try {
    const { betterView } = await import('./views/better.js')
    return { title: 'Is it better?', content: await betterView(catalogue, id) }
  } catch (error) {
    return notLoaded('The comparison could not be loaded', error)
  }
}

function notLoaded(title: string, error: unknown): View {
  const reason = error instanceof Error ? error.message : String(error)
  return { title: 'Not loaded', content: problemView(title, reason) }
}

function openFolder(catalogue: ReturnType<typeof folderCatalogue>): void {
  folder = catalogue
  show({ moveFocus: true })
}

function closeFolder(): void {
  folder?.close()
  folder = null
  show({ moveFocus: true })
}

function markSection(section: string): void {
  for (const link of document.querySelectorAll<HTMLElement>('[data-catalogue]')) {
    if (link.dataset.catalogue === section) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}
