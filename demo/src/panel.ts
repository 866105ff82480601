import type { SimilarItemsElement } from '../../src/index.js'
import type { Progress } from '../../src/types.js'
import type { Account } from './account.js'
import { create } from './dom.js'
import { formatBytes, formatCount, formatDuration } from './format.js'

type State = 'working' | 'done' | 'failed'

/** "What just happened": one line that says how the list came about, and the measured steps behind it. */
export interface Panel {
  readonly root: HTMLElement
  /** A product page was opened; times count from now. */
  begin(): void
}

/** A panel about an element: it listens to its events, and shows the account of what the lists come from. */
export function createPanel(
  element: SimilarItemsElement,
  account: Account,
  controls: readonly HTMLElement[] = [],
): Panel {
  const headline = create('span', { class: 'panel-headline' })
  const note = create('span', { class: 'panel-note' })
  const bar = create('progress', { class: 'panel-bar', 'aria-label': 'Progress' })
  const steps = create('div')
  const notice = create('p', { class: 'panel-notice', role: 'status' })
  const forget = create('button', { type: 'button', class: 'button' }, 'Forget everything')
  const reload = create('button', { type: 'button', class: 'button' }, 'Reload: a second visit')
  const root = create(
    'aside',
    { class: 'panel', 'aria-label': 'What just happened' },
    create(
      'details',
      {},
      create('summary', {}, create('span', { class: 'panel-lamp', 'aria-hidden': 'true' }), headline, note),
      create(
        'div',
        { class: 'panel-body' },
        steps,
        create('p', { class: 'panel-hint' }, account.hint),
        create('div', { class: 'panel-actions' }, reload, account.forget && forget, ...controls),
        notice,
      ),
    ),
    bar,
  )

  let begun = 0
  let firstResults: number | null = null

  const say = (state: State, text: string, detail = '') => {
    root.dataset.state = state
    headline.textContent = text
    note.textContent = detail
    bar.hidden = state !== 'working'
  }
  const showSteps = () => {
    const table = account.steps(firstResults)
    if (table) steps.replaceChildren(table)
  }
  const showResults = () => {
    const { results } = element
    const found = formatCount(results?.hits.length ?? 0, 'similar product')
    if (results?.complete === false) say('working', `${found} so far`, 'more as pictures are looked at')
    else say('done', `${found} in ${formatDuration(firstResults ?? 0)}`, account.origin())
  }

  account.onChange(() => {
    showSteps()
    if (root.dataset.state === 'done') showResults()
  })
  account.opening.catch((error: Error) => say('failed', 'No similar products this time', error.message))
  element.addEventListener('si-progress', ({ progress }) => {
    // The list is there: what is loaded now is for the photo search.
    if (firstResults !== null && element.results?.complete) return
    if (progress.total > 0) {
      bar.max = progress.total
      bar.value = progress.loaded
    } else bar.removeAttribute('value')
    say('working', progressText(progress))
  })
  element.addEventListener('si-results', () => {
    firstResults ??= performance.now() - begun
    showResults()
    showSteps()
  })
  element.addEventListener('si-error', ({ error }) =>
    say('failed', 'No similar products this time', error.message),
  )

  reload.addEventListener('click', () => location.reload())
  forget.addEventListener('click', async () => {
    try {
      await account.forget?.()
      notice.textContent = 'Forgotten on this device. Reload to see a first visit again.'
    } catch (error) {
      notice.textContent = `It could not be forgotten: ${error instanceof Error ? error.message : error}`
    }
  })

  return {
    root,
    begin() {
      begun = performance.now()
      firstResults = null
      account.begin()
      notice.textContent = ''
      say('working', 'Looking for similar products')
    },
  }
}

function progressText({ phase, loaded, total }: Progress): string {
  const bytes = total > 0 ? `${formatBytes(loaded)} of ${formatBytes(total)}` : formatBytes(loaded)
  switch (phase) {
    case 'catalog':
      return 'Reading the catalogue'
    case 'pack':
      return `Loading vectors, ${bytes}`
    case 'runtime':
      return `Loading ONNX Runtime, ${bytes}`
    case 'model':
      return `Loading the model, ${bytes}`
    case 'index':
      return `Looking at pictures, ${loaded} of ${total}`
  }
}
