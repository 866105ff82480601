import type { SimilarityEngine } from '../../src/engine/similarity-engine.js'
import type { EngineStatus, Progress } from '../../src/types.js'
import { create } from './dom.js'
import { formatBytes, formatCount, formatDuration } from './format.js'
import type { SimilarItems } from './similar-element.js'
import { statusTable } from './status-table.js'

type State = 'waiting' | 'working' | 'done' | 'failed'

/** "What just happened": one line that says how the list came about, and the measured steps behind it. */
export interface Panel {
  readonly root: HTMLElement
  /** A product page was opened; times count from now. */
  begin(): void
}

/** A panel about the element; it listens to its events and reads its `status`. */
export function createPanel(element: SimilarItems): Panel {
  const headline = create('span', { class: 'panel-headline' })
  const note = create('span', { class: 'panel-note' })
  const bar = create('progress', { class: 'panel-bar', 'aria-label': 'Progress', hidden: true })
  const body = create('div', { class: 'panel-steps' })
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
        body,
        create(
          'p',
          { class: 'panel-hint' },
          'Measured in this browser since the page was loaded. After a reload the vectors come from storage: neither ONNX Runtime nor the model is loaded, and no picture is encoded.',
        ),
        create('div', { class: 'panel-actions' }, reload, forget),
        notice,
      ),
    ),
    bar,
  )

  let begun = performance.now()
  let firstResults: number | null = null
  let followed: SimilarityEngine | null = null

  const drawSteps = () => {
    const { status } = element
    if (status) body.replaceChildren(statusTable(status, firstResults))
  }
  const say = (state: State, text: string, detail = '') => {
    root.dataset.state = state
    headline.textContent = text
    note.textContent = detail
    bar.hidden = state !== 'working'
    if (element.engine !== followed) {
      followed = element.engine
      followed?.addEventListener('status', drawSteps)
    }
    drawSteps()
  }

  element.addEventListener('si-progress', ({ progress }) => {
    if (progress.total > 0) {
      bar.max = progress.total
      bar.value = progress.loaded
    } else bar.removeAttribute('value')
    say('working', progressText(progress))
  })
  element.addEventListener('si-results', ({ hits, complete }) => {
    firstResults ??= performance.now() - begun
    const found = formatCount(hits.length, 'similar product')
    if (complete) say('done', `${found} in ${formatDuration(firstResults)}`, originText(element.status))
    else say('working', `${found} so far`, 'more as pictures are looked at')
  })
  element.addEventListener('si-error', ({ error }) =>
    say('failed', 'No similar products this time', error.message),
  )

  reload.addEventListener('click', () => location.reload())
  forget.addEventListener('click', async () => {
    try {
      await element.engine?.clear()
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
      if (customElements.get('similar-items')) say('working', 'Looking for similar products')
      else say('waiting', 'The component has not loaded', 'the links above are what the server wrote')
    },
  }
}

function progressText({ phase, loaded, total }: Progress): string {
  const bytes = total > 0 ? `${formatBytes(loaded)} of ${formatBytes(total)}` : formatBytes(loaded)
  switch (phase) {
    case 'catalog':
      return 'Reading the catalogue'
    case 'runtime':
      return `Loading ONNX Runtime, ${bytes}`
    case 'model':
      return `Loading the model, ${bytes}`
    case 'index':
      return `Looking at pictures, ${loaded} of ${total}`
  }
}

function originText(status: EngineStatus | null): string {
  if (!status) return ''
  const { stored, encoded } = status.vectors
  if (encoded === 0) return 'from stored vectors; no model was loaded'
  return `${formatCount(encoded, 'picture')} encoded in this browser${stored > 0 ? `, ${stored} known before` : ''}`
}
