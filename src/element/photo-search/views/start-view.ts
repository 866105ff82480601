import { createElement, createIcon } from '../../create-element.js'
import type { SamplePhoto } from '../../settings-element.js'
import type { ElementStrings, PlainWord } from '../../words/strings.js'
import { icons } from '../icons.js'
import type { Photo } from '../photo/photo.js'

interface StartViewEvents {
  camera(): void
  file(): void
  sample(sample: SamplePhoto): void
  recent(photo: Photo): void
}

/** What the panel begins with: the ways to give it a picture. */
export class StartView {
  readonly #camera = renderChoice(icons.camera, 'primary')
  readonly #file = renderChoice(icons.picture, '')
  readonly #problem = createElement('p', { class: 'problem', attributes: { role: 'alert' } })
  readonly #hint = createElement('p', { class: 'hint' })
  readonly #privacy = createElement('p', { class: 'privacy' }, createIcon(icons.lock), createElement('span'))
  readonly #samples = new Row('samples')
  readonly #recent = new Row('recent')
  readonly root: HTMLElement
  readonly #events: StartViewEvents
  #strings: ElementStrings | null = null
  #sentence: PlainWord | null = null

  constructor(events: StartViewEvents) {
    this.#events = events
    this.#camera.addEventListener('click', () => events.camera())
    this.#file.addEventListener('click', () => events.file())
    this.root = createElement(
      'div',
      { class: 'start' },
      createElement(
        'div',
        { class: 'drop' },
        this.#problem,
        createElement('div', { class: 'choices' }, this.#camera, this.#file),
        this.#hint,
        this.#privacy,
      ),
      this.#samples.root,
      this.#recent.root,
    )
  }

  /** @param privacy the sentence on where the photo, or what is made of it, goes. */
  render(
    strings: ElementStrings,
    privacy: string,
    samples: readonly SamplePhoto[],
    recent: readonly Photo[],
  ): void {
    this.#strings = strings
    this.#drawProblem()
    label(this.#camera, strings.takePhoto)
    label(this.#file, strings.choosePicture)
    this.#hint.textContent = strings.dropOrPaste
    label(this.#privacy, privacy)
    this.#samples.render(
      strings.samplePhotos,
      samples.map((sample) => ({
        key: sample.src,
        src: sample.src,
        label: sample.label,
        visible: true,
        press: () => this.#events.sample(sample),
      })),
    )
    this.#recent.render(
      strings.recentPhotos,
      recent.map((photo, index) => ({
        key: photo.url,
        src: photo.url,
        drawn: photo.thumbnail,
        label: strings.recentPhoto(index + 1),
        visible: false,
        press: () => this.#events.recent(photo),
      })),
    )
  }

  /** Says why the last way led nowhere; null takes it back. */
  showProblem(sentence: PlainWord | null): void {
    this.#sentence = sentence
    this.#drawProblem()
  }

  #drawProblem(): void {
    const text = this.#sentence && this.#strings ? this.#strings[this.#sentence] : ''
    this.#problem.hidden = text === ''
    if (this.#problem.textContent !== text) this.#problem.textContent = text
  }

  focus(way: 'camera' | 'file'): void {
    const button = way === 'camera' ? this.#camera : this.#file
    button.focus()
  }
}

interface Thumbnail {
  readonly key: string
  readonly src: string
  /** Shown in place of `src`. */
  readonly drawn?: HTMLCanvasElement | null
  readonly label: string
  /** Whether the label is shown below the picture, or only read out. */
  readonly visible: boolean
  press(): void
}

/** A titled row of pictures to press. */
class Row {
  readonly #title = createElement('h3', { class: 'row-title' })
  readonly #list = createElement('ul', { class: 'thumbnails', attributes: { role: 'list' } })
  readonly root: HTMLElement
  #shown = ''

  constructor(name: string) {
    this.root = createElement('div', { class: `row ${name}` }, this.#title, this.#list)
  }

  render(title: string, thumbnails: readonly Thumbnail[]): void {
    this.root.hidden = thumbnails.length === 0
    this.#title.textContent = title
    const content = JSON.stringify(thumbnails.map(({ key, label, drawn }) => [key, label, Boolean(drawn)]))
    if (content === this.#shown) return
    this.#shown = content
    this.#list.replaceChildren(...thumbnails.map(renderThumbnail))
  }
}

function renderThumbnail({ src, drawn, label, visible, press }: Thumbnail): HTMLLIElement {
  const attributes = { src, alt: '', decoding: 'async', draggable: 'false' }
  const image = drawn ?? createElement('img', { attributes })
  const button = createElement(
    'button',
    { class: 'thumbnail', attributes: { type: 'button' } },
    image,
    createElement('span', { class: visible ? '' : 'hidden' }, label),
  )
  button.addEventListener('click', press)
  return createElement('li', {}, button)
}

function renderChoice(icon: string, kind: string): HTMLButtonElement {
  const attributes = { type: 'button' }
  return createElement(
    'button',
    { class: `choice ${kind}`, attributes },
    createIcon(icon),
    createElement('span'),
  )
}

function label(element: HTMLElement, text: string): void {
  const place = element.lastElementChild
  if (place && place.textContent !== text) place.textContent = text
}
