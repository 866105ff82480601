import { SimilarItemsError } from '../../errors.js'
import { adoptStyles } from '../adopt-styles.js'
import { createElement, createIcon } from '../create-element.js'
import { elementCss } from '../list/styles.js'
import { prepareAnnouncements } from '../words/announcer.js'
import type { PlainWord } from '../words/strings.js'
import type { PhotoSearchHost } from './host.js'
import { icons } from './icons.js'
import { panelCss } from './panel-styles.js'
import { type CameraProblem, canUseCamera } from './photo/camera.js'
import { openPhoto, type Photo, type PhotoInput } from './photo/photo.js'
import { RecentPhotos } from './photo/recent-photos.js'
import { refusalOf } from './photo/refuse-file.js'
import { FileInputs, hasCameraApp, watchDrops, watchPastes } from './photo-inputs.js'
import { SearchSession } from './search/search-session.js'
import { CameraView } from './views/camera-view.js'
import { StartView } from './views/start-view.js'

type Stage = 'start' | 'camera' | 'search'

const cameraSentences = {
  refused: 'cameraRefused',
  missing: 'cameraMissing',
  busy: 'cameraBusy',
  insecure: 'cameraInsecure',
} as const satisfies Record<CameraProblem, PlainWord>

/** The photo search: ways to give a picture, and the search with it. */
export class PhotoPanel {
  readonly root = createElement('div', { class: 'panel', part: 'photo-panel' })
  readonly #host: PhotoSearchHost
  readonly #life = new AbortController()
  readonly #recent = new RecentPhotos()
  readonly #start: StartView
  readonly #camera: CameraView
  readonly #search: SearchSession
  readonly #files = new FileInputs((file) => this.search(file))
  readonly #appButton = createElement('button', { class: 'text-button', attributes: { type: 'button' } })
  readonly #back = createElement(
    'button',
    { class: 'round', attributes: { type: 'button' } },
    createIcon(icons.back),
  )
  readonly #title = createElement('h2', { class: 'panel-title', attributes: { id: 'panel-title' } })
  readonly #bar = createElement('div', { class: 'panel-bar' }, this.#back, this.#title)
  readonly #dropHint = createElement('p', { class: 'drop-hint', attributes: { 'aria-hidden': 'true' } })
  #stage: Stage = 'start'
  /** After a failure of the live camera, the device's own camera app is the better way, where there is one. */
  #cameraFailed = false

  /** @param onLeave the shopper goes on to a product in the same page. */
  constructor(host: PhotoSearchHost, onLeave: () => void = () => undefined) {
    this.#host = host
    this.#start = new StartView({
      camera: () => this.#takePhoto(),
      file: () => this.#files.choosePicture(),
      sample: ({ src }) => this.search(src),
      recent: (photo) => this.#begin(photo),
    })
    this.#camera = new CameraView(this.#appButton, {
      photo: (picture) => this.search(picture),
      problem: (problem) => this.#explainCamera(problem),
    })
    this.#search = new SearchSession(
      host,
      this.root,
      {
        newPhoto: () => this.#startAgain(),
        left: onLeave,
        unusable: (photo, sentence) => this.#reject(photo, sentence),
      },
      this.#life.signal,
    )
    this.root.append(
      this.#bar,
      this.#start.root,
      this.#camera.root,
      this.#search.root,
      this.#files.root,
      this.#dropHint,
    )
    this.#back.addEventListener('click', () => this.#goBack())
    this.#appButton.addEventListener('click', () => this.#files.openCameraApp())
    prepareAnnouncements(this.root)
    watchDrops(this.root, (input) => this.search(input))
    this.#enter('start')
    this.refresh()
  }

  /** Takes pasted pictures while `isListening`. */
  listenForPastes(isListening: () => boolean): void {
    watchPastes(isListening, (input) => this.search(input), this.#life.signal)
  }

  /** Puts a button at the end of the title bar. */
  addToBar(button: HTMLElement): void {
    this.#bar.append(button)
  }

  /** Loads what a search needs, if that has not been done. */
  prepare(): void {
    this.#search.prepare()
  }

  /** Searches with a picture. */
  async search(input: PhotoInput): Promise<void> {
    try {
      const photo = await openPhoto(input)
      const refusal = await refusalOf(photo.image)
      if (refusal === null) this.#begin(photo)
      else this.#reject(photo, refusal)
    } catch (cause) {
      const message =
        'The photo search needs a picture: a file, an address, an image or a canvas of this origin.'
      this.#host.reportError(new SimilarItemsError('invalid-argument', message, { cause }))
      this.#enter('start')
      this.#start.showProblem('undecodable')
    }
  }

  /** Follows the settings, the words and the language. */
  refresh(): void {
    // Again after the element has moved to another document, which has style sheets of its own.
    adoptStyles(this.#host.root, elementCss, panelCss)
    const strings = this.#strings
    this.#title.textContent = strings.photoSearch
    this.#back.setAttribute('aria-label', strings.back)
    this.#appButton.textContent = strings.cameraApp
    this.#appButton.classList.toggle('needless', !hasCameraApp())
    this.#dropHint.textContent = strings.dropHere
    this.#renderStart()
    this.#camera.render(strings)
    this.#search.refresh()
  }

  /** Nobody looks: the camera goes off, downloads and questions end. */
  suspend(): void {
    if (this.#stage === 'camera') this.#enter('start')
    this.#search.suspend()
  }

  /** Somebody looks again: goes on where it was. */
  resume(): void {
    this.prepare()
    if (this.#stage === 'search') this.#search.resume()
  }

  destroy(): void {
    this.suspend()
    this.#life.abort()
    this.#recent.clear()
    this.root.remove()
  }

  get #strings() {
    return this.#host.appearance().strings
  }

  #renderStart(): void {
    const strings = this.#strings
    const { samplePhotos, engineUrl, cells } = this.#host.settings
    const { privacy: kept, privacyOfCells, privacyOfVector } = strings
    const privacy = cells ? privacyOfCells : engineUrl ? privacyOfVector : kept
    this.#start.render(strings, privacy, samplePhotos, this.#recent.photos)
  }

  #enter(stage: Stage): void {
    if (this.#stage === 'camera' && stage !== 'camera') this.#camera.stop()
    this.#stage = stage
    this.#start.root.hidden = stage !== 'start'
    this.#camera.root.hidden = stage !== 'camera'
    this.#search.root.hidden = stage !== 'search'
    this.#back.hidden = stage === 'start'
    this.#start.showProblem(null)
    if (stage === 'start') this.#renderStart()
    if (stage === 'camera') this.#camera.start()
    this.root.parentElement?.scrollTo({ top: 0 })
  }

  #begin(photo: Photo): void {
    this.#recent.add(photo)
    this.#enter('search')
    this.#search.begin(photo)
    // What had the focus is gone with the stage before.
    this.#back.focus({ preventScroll: true })
  }

  #goBack(): void {
    if (this.#stage !== 'search' || !this.#search.backToPhoto()) this.#startAgain()
  }

  #startAgain(): void {
    this.#search.pause()
    this.#enter('start')
    this.#start.focus('file')
  }

  #takePhoto(): void {
    const isLive = canUseCamera() && !this.#cameraFailed
    // Without an app, trying again is what is left: the shopper may have allowed the camera meanwhile.
    if (isLive || !hasCameraApp()) this.#enter('camera')
    else this.#files.openCameraApp()
  }

  #explainCamera(problem: CameraProblem): void {
    this.#cameraFailed = true
    this.#enter('start')
    this.#start.showProblem(cameraSentences[problem])
    this.#start.focus(hasCameraApp() ? 'camera' : 'file')
  }

  #reject(photo: Photo, sentence: PlainWord): void {
    this.#search.pause()
    this.#recent.remove(photo)
    this.#enter('start')
    this.#start.showProblem(sentence)
    this.#start.focus('file')
  }
}
