/** Which way a camera looks: from the shopper, or at the shopper. */
type Facing = 'environment' | 'user'

/** Why there is no picture from a camera. */
export type CameraProblem = 'refused' | 'missing' | 'busy' | 'insecure'

/** The problem behind what `Camera.start` rejected with. */
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

/** A live camera in a `<video>`. It runs from `start` to `stop`, and its lamp is out afterwards. */
export class Camera {
  readonly #video: HTMLVideoElement
  #stream: MediaStream | null = null
  #facing: Facing = 'environment'
  /** Used where cameras do not say which way they look, as on a desktop. */
  #deviceId: string | null = null
  /** Raised by every start and stop: of two starts, the browser may answer the first one last. */
  #turn = 0

  constructor(video: HTMLVideoElement) {
    this.#video = video
  }

  /**
   * Shows the camera's picture. Rejects with the browser's error, the signal's reason, or an AbortError when another
   * start or a stop came in between.
   */
  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.stop()
    const turn = this.#turn
    if (!canUseCamera()) throw new DOMException('There is no camera in an insecure context.', 'SecurityError')
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: this.#wanted })
    if (signal.aborted || turn !== this.#turn) {
      end(stream)
      signal.throwIfAborted()
      throw new DOMException('The camera was started anew, or stopped.', 'AbortError')
    }
    this.#stream = stream
    this.#video.srcObject = stream
    // Of somebody who looks at herself, a picture that is no mirror image is hard to aim.
    this.#video.classList.toggle('mirrored', this.#settings.facingMode === 'user')
    await this.#video.play()
  }

  /** Changes to the next camera. */
  async switch(signal: AbortSignal): Promise<void> {
    const { facingMode, deviceId } = this.#settings
    if (facingMode) {
      this.#facing = facingMode === 'user' ? 'environment' : 'user'
      this.#deviceId = null
    } else {
      const cameras = await listCameras()
      const current = cameras.findIndex((camera) => camera.deviceId === deviceId)
      this.#deviceId = cameras[(current + 1) % cameras.length]?.deviceId ?? null
    }
    await this.start(signal)
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

  get #settings(): MediaTrackSettings {
    return this.#stream?.getVideoTracks()[0]?.getSettings() ?? {}
  }

  get #wanted(): MediaTrackConstraints {
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 } }
    if (this.#deviceId) return { ...size, deviceId: { exact: this.#deviceId } }
    return { ...size, facingMode: { ideal: this.#facing } }
  }
}

async function listCameras(): Promise<MediaDeviceInfo[]> {
  return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput')
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
