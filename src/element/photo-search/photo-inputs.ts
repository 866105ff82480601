import { createElement } from '../create-element.js'
import type { PhotoInput } from './photo/photo.js'
import { mayHoldPicture, pictureIn } from './photo/picture-transfer.js'

/** The file choosers of the panel: the device's pictures, and its camera app where it has one. */
export class FileInputs {
  readonly #pictures = renderInput({})
  readonly #camera = renderInput({ capture: 'environment' })
  readonly root = createElement('div', { attributes: { hidden: '' } }, this.#pictures, this.#camera)

  constructor(onFile: (file: File) => void) {
    for (const input of [this.#pictures, this.#camera]) {
      input.addEventListener('change', () => {
        const [file] = input.files ?? []
        // The same file again is a choice too.
        input.value = ''
        if (file) onFile(file)
      })
    }
  }

  choosePicture(): void {
    this.#pictures.click()
  }

  openCameraApp(): void {
    this.#camera.click()
  }
}

/** Phones and tablets; elsewhere `capture` opens an ordinary file chooser. */
export function hasCameraApp(): boolean {
  return matchMedia('(pointer: coarse)').matches
}

/**
 * Takes pictures that are dropped on `surface`, but not those that are dragged from there: they are its own. It has the
 * class `dropping` while one is above it.
 */
export function watchDrops(surface: HTMLElement, onPicture: (input: PhotoInput) => void): void {
  let isOwn = false
  surface.addEventListener('dragstart', () => {
    isOwn = true
  })
  surface.addEventListener('dragend', () => {
    isOwn = false
  })
  const mark = (event: DragEvent) => {
    if (isOwn || !mayHoldPicture(event.dataTransfer)) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    surface.classList.add('dropping')
  }
  surface.addEventListener('dragenter', mark)
  surface.addEventListener('dragover', mark)
  surface.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && surface.contains(relatedTarget)))
      surface.classList.remove('dropping')
  })
  surface.addEventListener('drop', (event) => {
    surface.classList.remove('dropping')
    if (isTextDrop(event)) return
    // Left alone, a file or an address would be opened in place of the page.
    event.preventDefault()
    const picture = isOwn ? null : pictureIn(event.dataTransfer)
    if (picture) onPicture(picture)
  })
}

/** Takes pictures that are dropped around a surface that `watchDrops` watches, and lets no drop there leave the page. */
export function watchDropsAround(frame: HTMLElement, onPicture: (input: PhotoInput) => void): void {
  for (const type of ['dragenter', 'dragover'] as const) {
    frame.addEventListener(type, (event) => {
      if (event.target === frame) event.preventDefault()
    })
  }
  frame.addEventListener('drop', (event) => {
    if (event.target !== frame) return
    event.preventDefault()
    const picture = pictureIn(event.dataTransfer)
    if (picture) onPicture(picture)
  })
}

/** Text that is dropped into a field is the field's. */
function isTextDrop(event: DragEvent): boolean {
  return isTextField(event.composedPath()[0]) && !event.dataTransfer?.types.includes('Files')
}

/** Takes pictures that are pasted anywhere in the page while `isListening`, unless a text field wants the paste. */
export function watchPastes(
  isListening: () => boolean,
  onPicture: (input: PhotoInput) => void,
  signal: AbortSignal,
): void {
  const paste = (event: ClipboardEvent) => {
    if (!isListening() || isTextField(event.composedPath()[0])) return
    const picture = pictureIn(event.clipboardData)
    if (!picture) return
    event.preventDefault()
    onPicture(picture)
  }
  document.addEventListener('paste', paste, { signal })
}

function isTextField(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea'))
}

function renderInput(more: Readonly<Record<string, string>>): HTMLInputElement {
  // Windows and Linux do not know that HEIC files are pictures.
  return createElement('input', { attributes: { type: 'file', accept: 'image/*,.heic,.heif', ...more } })
}
