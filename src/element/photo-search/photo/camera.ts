/** Why there is no picture from a camera. */
export type CameraProblem = 'refused' | 'missing' | 'busy' | 'insecure'

/** Another start, or a stop, came in between: nobody is to be told. */
export class CameraSuperseded extends Error {}

/** The problem behind what `Camera.start` rejected with; browsers call a camera that is in use by various names. */
export function cameraProblem(error: unknown): CameraProblem {
  if (!canUseCamera()) return 'insecure'
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'busy'
}

/** Browsers hide cameras from pages that are not served securely. */
export function canUseCamera(): boolean {
  return navigator.mediaDevices !== undefined
}

export interface CameraEvents {
  /** The camera has stopped for good. */
  ended(): void
  /** It gives no pictures for the moment. */
  paused(): void
  resumed(): void
}

/** A live camera in a `<video>`. It runs from `start` to `stop`, and its lamp is out afterwards. */
export class Camera {
  readonly #video: HTMLVideoElement
  #stream: MediaStream | null = null
  readonly #events: CameraEvents
  /** The one that the browser chose first, and the one that the shopper has switched to. */
  #firstId: string | undefined
  #deviceId: string | undefined
  /** Raised by every start and stop: of two starts, the browser may answer the first one last. */
  #turn = 0

  constructor(video: HTMLVideoElement, events: CameraEvents) {
    this.#video = video
    this.#events = events
  }

  /**
   * Shows the camera's picture: the rear one's at first. Rejects with the browser's error, the signal's reason, or
   * `CameraSuperseded`.
   */
  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.stop()
    const turn = this.#turn
    if (!canUseCamera()) throw new DOMException('There is no camera in an insecure context.', 'SecurityError')
    const stream = await this.#open()
    if (signal.aborted || turn !== this.#turn) {
      end(stream)
      signal.throwIfAborted()
      throw new CameraSuperseded()
    }
    this.#stream = stream
    this.#watch(stream)
    this.#firstId ??= this.#settings.deviceId
    this.#video.srcObject = stream
    // Of somebody who looks at herself, a picture that is no mirror image is hard to aim.
    this.#video.classList.toggle('mirrored', this.#settings.facingMode === 'user')
    try {
      await this.#video.play()
    } catch (error) {
      if (turn !== this.#turn) throw new CameraSuperseded()
      throw error
    }
  }

  /**
   * Changes to the next camera: of all that the device has, first to one that looks the other way. One that does not
   * open is passed over. Rejects as `start` does where no other opens, and this one not again.
   */
  async switch(signal: AbortSignal): Promise<void> {
    const cameras = ring(await listCameras(), this.#firstId)
    // A camera that is just being opened has no settings yet.
    const deviceId = this.#settings.deviceId ?? this.#deviceId
    const current = cameras.findIndex((camera) => camera.deviceId === deviceId)
    const others = [...cameras.slice(current + 1), ...cameras.slice(0, current + 1)]
    let failure: unknown
    for (const { deviceId: next } of others) {
      try {
        this.#deviceId = next
        return await this.start(signal)
      } catch (error) {
        if (signal.aborted || error instanceof CameraSuperseded || cameraProblem(error) === 'refused')
          throw error
        failure = error
      }
    }
    throw failure ?? new DOMException('There is no camera any more.', 'NotFoundError')
  }

  async hasOthers(): Promise<boolean> {
    return (await listCameras()).length > 1
  }

  /** The picture that the camera sees now, as a JPEG file. */
  async capture(): Promise<Blob> {
    const { videoWidth: width, videoHeight: height } = this.#video
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0)
    return new Promise((resolve, reject) => {
      const settle = (blob: Blob | null) =>
        blob ? resolve(blob) : reject(new DOMException('The camera gave no picture.', 'NotReadableError'))
      canvas.toBlob(settle, 'image/jpeg', 0.95)
    })
  }

  stop(): void {
    this.#turn += 1
    if (this.#stream) end(this.#stream)
    this.#stream = null
    this.#video.srcObject = null
  }

  /** The camera that was switched to, or the rear one; where that is gone, any. */
  async #open(): Promise<MediaStream> {
    const { mediaDevices } = navigator
    try {
      return await mediaDevices.getUserMedia({ audio: false, video: this.#wanted })
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'OverconstrainedError') throw error
      this.#deviceId = undefined
      return mediaDevices.getUserMedia({ audio: false, video: true })
    }
  }

  /** Tells when the stream stops giving pictures, by itself: unplugged, covered, taken by a call. */
  #watch(stream: MediaStream): void {
    const tell = (event: () => void) => () => {
      if (stream === this.#stream) event()
    }
    for (const track of stream.getVideoTracks()) {
      track.addEventListener('ended', tell(this.#events.ended))
      track.addEventListener('mute', tell(this.#events.paused))
      track.addEventListener('unmute', tell(this.#events.resumed))
    }
  }

  get #settings(): MediaTrackSettings {
    return this.#stream?.getVideoTracks()[0]?.getSettings() ?? {}
  }

  get #wanted(): MediaTrackConstraints {
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 } }
    if (this.#deviceId) return { ...size, deviceId: { exact: this.#deviceId } }
    return { ...size, facingMode: { ideal: 'environment' } }
  }
}

/** The cameras in the order of the switch: the first one, those that look the other way, the rest. */
function ring(cameras: readonly MediaDeviceInfo[], firstId: string | undefined): MediaDeviceInfo[] {
  const first = cameras.find(({ deviceId }) => deviceId === firstId)
  if (!first) return [...cameras]
  const facing = facingOf(first)
  const looksOtherWay = (camera: MediaDeviceInfo) => facing !== '' && !['', facing].includes(facingOf(camera))
  const others = cameras.filter((camera) => camera !== first)
  return [first, ...others.filter(looksOtherWay), ...others.filter((camera) => !looksOtherWay(camera))]
}

/** `user` or `environment`; empty where the browser does not tell. */
function facingOf(camera: MediaDeviceInfo): string {
  const capabilities = 'getCapabilities' in camera ? (camera as InputDeviceInfo).getCapabilities() : {}
  return capabilities.facingMode?.[0] ?? ''
}

async function listCameras(): Promise<MediaDeviceInfo[]> {
  return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput')
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
