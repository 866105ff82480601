import { createElement, createIcon } from '../../create-element.js'
import type { ElementStrings } from '../../words/strings.js'
import { icons } from '../icons.js'
import { Camera, type CameraProblem, CameraSuperseded, cameraProblem } from '../photo/camera.js'

/** A call or another program may take the camera for a moment. */
const patienceMilliseconds = 5000

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
  readonly #camera = new Camera(this.#video, {
    ended: () => this.#lose('busy'),
    paused: () => {
      this.#wait()
      this.#pause = setTimeout(() => this.#lose('busy'), patienceMilliseconds)
    },
    resumed: () => this.#show(),
  })
  readonly #events: CameraViewEvents
  #running: AbortController | null = null
  #pause: ReturnType<typeof setTimeout> | undefined

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
    clearTimeout(this.#pause)
    this.#running?.abort()
    this.#running = null
    this.#camera.stop()
  }

  async #begin(start: () => Promise<void>): Promise<void> {
    this.#wait()
    await start()
    this.#show()
  }

  #wait(): void {
    clearTimeout(this.#pause)
    this.#note.hidden = false
    this.#shutter.disabled = true
  }

  #show(): void {
    clearTimeout(this.#pause)
    this.#note.hidden = true
    this.#shutter.disabled = false
  }

  #lose(problem: CameraProblem): void {
    this.stop()
    this.#events.problem(problem)
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
      if (signal.aborted || error instanceof CameraSuperseded) return
      this.#lose(cameraProblem(error))
    }
  }
}
