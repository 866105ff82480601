import type { CropBox } from '../../../types.js'
import { createElement, createIcon } from '../../create-element.js'
import { supportedLocale } from '../../words/price.js'
import type { ElementStrings } from '../../words/strings.js'
import { icons } from '../icons.js'
import type { Photo } from '../photo/photo.js'
import { type LoadedPicture, loadPicture, loadUpright, type PreviewOf } from '../photo/picture.js'
import { type Corner, moveBox, moveCorner, type Point, type Size, wholePicture } from './crop-box.js'
import { watchGestures } from './crop-gestures.js'

/** No smaller on the screen: a box must stay in reach of a finger. CSS pixels. */
const leastPixels = 48
/** How far an arrow key moves it. */
const step = 0.02

const corners: readonly (Corner & { readonly name: CornerName })[] = [
  { x: 0, y: 0, name: 'cornerTopLeft' },
  { x: 1, y: 0, name: 'cornerTopRight' },
  { x: 0, y: 1, name: 'cornerBottomLeft' },
  { x: 1, y: 1, name: 'cornerBottomRight' },
]
type CornerName = 'cornerTopLeft' | 'cornerTopRight' | 'cornerBottomLeft' | 'cornerBottomRight'

/** The shopper's picture with the box around what is searched. */
export class CropFrame {
  readonly #picture = createElement('div', { class: 'picture' })
  readonly #shade = createElement('div', { class: 'shade' }, createElement('div', { class: 'hole' }))
  readonly #box = renderSlider('box')
  readonly #handles = corners.map((corner) => ({ corner, element: renderSlider(`handle ${corner.name}`) }))
  readonly #help = createElement('span', { class: 'hidden', attributes: { id: 'area-help' } })
  readonly root = createElement(
    'div',
    { class: 'frame', part: 'photo' },
    this.#picture,
    this.#shade,
    this.#box,
    ...this.#handles.map(({ element }) => element),
    this.#help,
  )
  readonly #onChange: (box: CropBox, settled: boolean) => void
  #value: CropBox = wholePicture
  #strings: ElementStrings | null = null
  #percent = new Intl.NumberFormat('en', { style: 'percent' })

  /** @param onChange the shopper changes the box; `settled` when the movement is at its end. */
  constructor(onChange: (box: CropBox, settled: boolean) => void) {
    this.#onChange = onChange
    this.#box.setAttribute('aria-describedby', 'area-help')
    this.#box.addEventListener('keydown', (event) => this.#onBoxKey(event))
    for (const { corner, element } of this.#handles) {
      element.addEventListener('keydown', (event) => this.#onHandleKey(event, corner))
    }
    watchGestures(
      this.root,
      (target) => this.#handles.find(({ element }) => element === target)?.corner ?? null,
      {
        box: () => this.#value,
        least: () => this.#least,
        change: (box, settled) => this.#change(box, settled),
      },
    )
  }

  /** The region of the picture that is searched. Setting it is not reported as a change. */
  get value(): CropBox {
    return this.#value
  }
  set value(box: CropBox) {
    this.#value = box
    this.#place()
  }

  render(strings: ElementStrings, language: string): void {
    this.#strings = strings
    this.#percent = new Intl.NumberFormat(supportedLocale(language), { style: 'percent' })
    this.#box.setAttribute('aria-label', strings.searchArea)
    this.#picture.querySelector('[role="img"]')?.setAttribute('aria-label', strings.yourPhoto)
    this.#help.textContent = strings.searchAreaHelp
    for (const { corner, element } of this.#handles) element.setAttribute('aria-label', strings[corner.name])
    this.#place()
  }

  /**
   * Shows a photo with its whole picture framed; nothing but a placeholder where there is no way to show it.
   * @param preview as for `loadPicture`.
   */
  async show(photo: Photo, preview: PreviewOf, signal: AbortSignal): Promise<void> {
    this.value = wholePicture
    this.#picture.replaceChildren()
    this.root.classList.add('loading')
    const loaded = await loadPicture(photo, preview, signal)
    this.root.classList.toggle('loading', loaded === null)
    if (!loaded) {
      this.#picture.replaceChildren(createIcon(icons.picture))
      return
    }
    this.#put(loaded)
    const upright = await loadUpright(photo, preview, signal)
    if (upright) this.#put(upright)
  }

  #put({ element, width, height }: LoadedPicture): void {
    element.setAttribute('role', 'img')
    if (this.#strings) element.setAttribute('aria-label', this.#strings.yourPhoto)
    this.#picture.replaceChildren(element)
    this.root.style.setProperty('--_ratio', String(width / height))
  }

  get #least(): Size {
    const { width, height } = this.root.getBoundingClientRect()
    return { width: Math.min(1, leastPixels / width), height: Math.min(1, leastPixels / height) }
  }

  #change(box: CropBox, settled: boolean): void {
    this.value = box
    this.#onChange(box, settled)
  }

  #onBoxKey(event: KeyboardEvent): void {
    const by = arrowOf(event)
    if (!by) return
    // Shift changes the size: the corner at the end of the box moves.
    const box = event.shiftKey
      ? moveCorner(this.#value, { x: 1, y: 1 }, by, this.#least)
      : moveBox(this.#value, by)
    this.#change(box, true)
  }

  #onHandleKey(event: KeyboardEvent, corner: Corner): void {
    const by = arrowOf(event)
    if (by) this.#change(moveCorner(this.#value, corner, by, this.#least), true)
  }

  #place(): void {
    const { x, y, width, height } = this.#value
    for (const [name, value] of Object.entries({ x, y, width, height })) {
      this.root.style.setProperty(`--_${name}`, String(value))
    }
    const text = (value: number) => this.#percent.format(value)
    const area = this.#strings?.areaValue(text(x), text(y), text(width), text(height)) ?? ''
    setValue(this.#box, width * height, area)
    for (const { corner, element } of this.#handles) setValue(element, corner.x ? x + width : x, area)
  }
}

/** A slider is the nearest role to what moves in two directions: screen readers leave it the arrow keys. */
function renderSlider(name: string): HTMLElement {
  const attributes = { role: 'slider', tabindex: '0', 'aria-valuemin': '0', 'aria-valuemax': '100' }
  return createElement('div', { class: name, attributes })
}

function setValue(slider: HTMLElement, fraction: number, text: string): void {
  slider.setAttribute('aria-valuenow', String(Math.round(fraction * 100)))
  slider.setAttribute('aria-valuetext', text)
}

/** The movement that an arrow key means, or null for other keys; the key then does nothing else. */
function arrowOf(event: KeyboardEvent): Point | null {
  const moves: Readonly<Record<string, Point>> = {
    ArrowLeft: { x: -step, y: 0 },
    ArrowRight: { x: step, y: 0 },
    ArrowUp: { x: 0, y: -step },
    ArrowDown: { x: 0, y: step },
  }
  const move = event.altKey || event.ctrlKey || event.metaKey ? null : (moves[event.key] ?? null)
  if (move) event.preventDefault()
  return move
}
