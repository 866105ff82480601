import type { CropBox, Hit, Product } from '../../../types.js'
import { createElement, createIcon } from '../../create-element.js'
import type { ListContext } from '../../list/render-list.js'
import type { ElementStrings, PlainWord } from '../../words/strings.js'
import { isWholePicture, wholePicture } from '../crop/crop-box.js'
import { CropFrame } from '../crop/crop-frame.js'
import { icons } from '../icons.js'
import type { Photo } from '../photo/photo.js'
import type { PreviewOf } from '../photo/picture.js'
import { FilterView } from './filter-view.js'
import { LoadView } from './load-view.js'
import { ResultsView } from './results-view.js'

interface SearchViewEvents {
  /** The shopper moved the frame. */
  frame(): void
  newPhoto(): void
  backToPhoto(): void
  filter(): void
  retry(): void
  /** The shopper does not want to wait for the download. */
  stop(): void
  more(product: Product): void
  showMore(): void
  select(hit: Hit, click: MouseEvent): boolean
  impression(hit: Hit): void
}

/** The photo with its frame on one side, what was found on the other. */
export class SearchView {
  readonly frame: CropFrame
  readonly filters: FilterView
  readonly load: LoadView
  readonly results: ResultsView
  readonly #whole = renderButton('pill', icons.whole)
  readonly #newPhoto = renderButton('pill', icons.camera)
  readonly #subjectTitle = createElement('h3', { class: 'subject-title', attributes: { tabindex: '-1' } })
  readonly #subjectImage = createElement('img', { attributes: { alt: '' } })
  readonly #backToPhoto = renderButton('text-button')
  readonly #subject = createElement(
    'div',
    { class: 'subject' },
    this.#subjectImage,
    createElement('div', {}, this.#subjectTitle, this.#backToPhoto),
  )
  readonly #problemText = createElement('span')
  readonly #retry = renderButton('text-button')
  readonly #problem = createElement(
    'p',
    { class: 'problem', attributes: { role: 'alert' } },
    this.#problemText,
    this.#retry,
  )
  readonly root: HTMLElement
  #showing: AbortController | null = null
  readonly #life: AbortSignal
  #strings: ElementStrings | null = null
  #product: Product | null = null
  #sentence: PlainWord | null = null

  constructor(events: SearchViewEvents, signal: AbortSignal) {
    this.#life = signal
    this.frame = new CropFrame(() => {
      this.#drawTools()
      events.frame()
    })
    this.filters = new FilterView(() => events.filter())
    this.load = new LoadView({ stop: () => events.stop(), resume: () => events.retry() })
    this.results = new ResultsView(events, signal)
    this.#whole.addEventListener('click', () => {
      this.frameTo(wholePicture)
      events.frame()
    })
    this.#newPhoto.addEventListener('click', () => events.newPhoto())
    this.#backToPhoto.addEventListener('click', () => events.backToPhoto())
    this.#retry.addEventListener('click', () => events.retry())
    this.root = createElement(
      'div',
      { class: 'search' },
      createElement(
        'div',
        { class: 'photo-side' },
        this.frame.root,
        createElement('div', { class: 'tools' }, this.#whole, this.#newPhoto),
      ),
      createElement(
        'div',
        { class: 'result-side' },
        this.#subject,
        this.load.root,
        this.filters.root,
        this.#problem,
        this.results.root,
      ),
    )
  }

  render(strings: ElementStrings, language: string, list: ListContext): void {
    this.frame.render(strings, language)
    this.filters.render(strings)
    this.load.render(strings, language)
    this.results.render(strings, list)
    label(this.#whole, strings.wholePicture)
    label(this.#newPhoto, strings.newPhoto)
    label(this.#backToPhoto, strings.backToPhoto)
    label(this.#retry, strings.tryAgain)
    this.#strings = strings
    this.#drawTexts()
  }

  /** Begins with another photo: what was found with the last one goes. */
  begin(photo: Photo, preview: PreviewOf): void {
    this.#showing?.abort()
    this.#showing = new AbortController()
    this.showSubject(null)
    this.results.clear()
    this.showProblem(null, true)
    const signal = AbortSignal.any([this.#showing.signal, this.#life])
    // Rejects only for a photo that another one has replaced.
    this.frame.show(photo, preview, signal).catch(() => undefined)
    this.#drawTools()
  }

  /** Puts the frame around a part of the photo. */
  frameTo(box: CropBox): void {
    this.frame.value = box
    this.#drawTools()
  }

  /** The product that the results are similar to, in place of the photo; null for the photo. */
  showSubject(product: Product | null): void {
    const wasShown = !this.#subject.hidden
    this.#product = product
    this.#drawTexts()
    this.#subject.hidden = product === null
    this.root.classList.toggle('more', product !== null)
    if (product) {
      this.#subjectImage.src = product.image_link
      this.#subjectTitle.focus({ preventScroll: true })
    } else if (wasShown) {
      // The button that was pressed is gone.
      this.#newPhoto.focus({ preventScroll: true })
    }
  }

  /** Says what went wrong; null takes it back. */
  showProblem(sentence: PlainWord | null, canRetry: boolean): void {
    this.#sentence = sentence
    this.#problem.hidden = sentence === null
    this.#retry.hidden = !canRetry
    this.#drawTexts()
  }

  #drawTexts(): void {
    const strings = this.#strings
    if (!strings) return
    this.#subjectTitle.textContent = this.#product && strings.similarTo(this.#product.title)
    const problem = this.#sentence && strings[this.#sentence]
    if (this.#problemText.textContent !== (problem ?? '')) this.#problemText.textContent = problem
  }

  #drawTools(): void {
    this.#whole.classList.toggle('needless', isWholePicture(this.frame.value))
  }
}

function renderButton(name: string, icon?: string): HTMLButtonElement {
  const attributes = { type: 'button' }
  return createElement(
    'button',
    { class: name, attributes },
    icon ? createIcon(icon) : null,
    createElement('span'),
  )
}

function label(button: HTMLElement, text: string): void {
  if (button.lastElementChild?.textContent !== text) button.lastElementChild?.replaceChildren(text)
}
