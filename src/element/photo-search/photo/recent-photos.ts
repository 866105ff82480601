import type { Photo } from './photo.js'

/** Enough for one shopping trip; each holds its picture in memory. */
const most = 6

/** The photos of this visit, the newest first. Kept nowhere but here, and freed with the panel. */
export class RecentPhotos {
  #photos: readonly Photo[] = []

  get photos(): readonly Photo[] {
    return this.#photos
  }

  /** Puts a photo first, also one that is here already. */
  add(photo: Photo): void {
    const others = this.#photos.filter((other) => other !== photo && other.url !== photo.url)
    for (const old of others.slice(most - 1)) old.release()
    this.#photos = [photo, ...others.slice(0, most - 1)]
  }

  /** Takes out a photo that turned out to be none. */
  remove(photo: Photo): void {
    this.#photos = this.#photos.filter((other) => other !== photo)
    photo.release()
  }

  clear(): void {
    for (const photo of this.#photos) photo.release()
    this.#photos = []
  }
}
