import type { SimilarItemsElement, SimilarityEngine } from '../../src/index.js'
import type { EngineStatus, Progress } from '../../src/types.js'
import { create } from './dom.js'
import { formatBytes, formatCount, formatDuration } from './format.js'
import { statusTable } from './status-table.js'

type State = 'working' | 'done' | 'failed'

/** "What just happened": one line that says how the list came about, and the measured steps behind it. */
export interface Panel {
  readonly root: HTMLElement
  /** A product page was opened; times count from now. */
  begin(): void
}

/** A panel about an element and its engine: it listens to the events of both and shows the engine's own account. */
export function createPanel(element: SimilarItemsElement, opening: Promise<SimilarityEngine>): Panel {
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
        create('p', { class: 'panel-hint' }, HINT),
        create('div', { class: 'panel-actions' }, reload, forget),
        notice,
      ),
    ),
    bar,
  )

  let engine: SimilarityEngine | null = null
  let begun = 0
  let firstResults: number | null = null

  const say = (state: State, text: string, detail = '') => {
    root.dataset.state = state
    headline.textContent = text
    note.textContent = detail
    bar.hidden = state !== 'working'
  }
  const showSteps = () => {
    if (engine) steps.replaceChildren(statusTable(engine.status, firstResults))
  }
  const showResults = () => {
    const { results } = element
    const found = formatCount(results?.hits.length ?? 0, 'similar product')
    if (results?.complete === false) say('working', `${found} so far`, 'more as pictures are looked at')
    else say('done', `${found} in ${formatDuration(firstResults ?? 0)}`, engine ? origin(engine.status) : '')
  }

  opening.then(
    (opened) => {
      engine = opened
      engine.addEventListener('status', () => {
        showSteps()
        if (root.dataset.state === 'done') showResults()
      })
      showSteps()
    },
    (error: Error) => say('failed', 'No similar products this time', error.message),
  )
  element.addEventListener('si-progress', ({ progress }) => {
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
      await (await opening).clear()
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
      notice.textContent = ''
      say('working', 'Looking for similar products')
    },
  }
}

const HINT =
  'Measured in this browser since the page was loaded. After a reload the vectors come from storage: neither ONNX Runtime nor the model is loaded, and no picture is encoded.'

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

/** Where the vectors behind a list came from. */
function origin({ vectors: { stored, encoded } }: EngineStatus): string {
  if (encoded === 0) return 'from stored vectors; no model was loaded'
  return `${formatCount(encoded, 'picture')} encoded in this browser${stored > 0 ? `, ${stored} known before` : ''}`
}
