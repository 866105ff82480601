import { isAbort } from '../../errors.js'
import { createElement, createIcon } from '../create-element.js'
import type { ElementStrings } from '../strings.js'
import { Camera, type CameraProblem, cameraProblem } from './camera.js'
import { icons } from './icons.js'

interface CameraViewEvents {
  photo(picture: Blob): void
  problem(problem: CameraProblem): void
}

/** The live camera with its shutter. */
export class CameraView {
  readonly #video = createElement('video', { attributes: { playsinline: '', muted: '' } })
  readonly #note = createElement('p', { class: 'camera-note' })
  readonly #shutter = createElement('button', { class: 'shutter', attributes: { type: 'button' } })
  readonly #switch = createElement(
    'button',
    { class: 'round', attributes: { type: 'button' } },
    createIcon(icons.swap),
  )
  readonly root: HTMLElement
  readonly #camera = new Camera(this.#video)
  readonly #events: CameraViewEvents
  #running: AbortController | null = null

  /** @param appButton leads to the device's own camera app, where it has one. */
  constructor(appButton: HTMLElement, events: CameraViewEvents) {
    this.#events = events
    // The attribute alone does not mute a video that a script made.
    this.#video.muted = true
    this.#shutter.addEventListener('click', () => this.#run(() => this.#capture()))
    this.#switch.addEventListener('click', () => this.#run((signal) => this.#change(signal)))
    this.root = createElement(
      'div',
      { class: 'camera' },
      createElement('div', { class: 'viewfinder' }, this.#video, this.#note),
      createElement('div', { class: 'camera-controls' }, appButton, this.#shutter, this.#switch),
    )
  }

  render(strings: ElementStrings): void {
    this.#note.textContent = strings.cameraStarting
    this.#shutter.setAttribute('aria-label', strings.shutter)
    this.#switch.setAttribute('aria-label', strings.switchCamera)
    this.#video.setAttribute('aria-label', strings.takePhoto)
  }

  start(): void {
    this.stop()
    this.#running = new AbortController()
    this.#switch.classList.add('needless')
    this.#run(async (signal) => {
      await this.#begin(() => this.#camera.start(signal))
      // Only now: before the permission, a browser does not say how many there are.
      const hasOthers = await this.#camera.hasOthers()
      this.#switch.classList.toggle('needless', !hasOthers)
      this.#shutter.focus()
    })
  }

  stop(): void {
    this.#running?.abort()
    this.#running = null
    this.#camera.stop()
  }

  async #begin(start: () => Promise<void>): Promise<void> {
    this.#note.hidden = false
    this.#shutter.disabled = true
    await start()
    this.#note.hidden = true
    this.#shutter.disabled = false
  }

  async #change(signal: AbortSignal): Promise<void> {
    await this.#begin(() => this.#camera.switch(signal))
  }

  async #capture(): Promise<void> {
    const picture = await this.#camera.capture()
    this.stop()
    this.#events.photo(picture)
  }

  async #run(step: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = this.#running?.signal
    if (!signal) return
    try {
      await step(signal)
    } catch (error) {
      if (signal.aborted || isAbort(error)) return
      this.stop()
      this.#events.problem(cameraProblem(error))
    }
  }
}
