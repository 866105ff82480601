import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

export const modelFolder = `${root}public/models/siglip-tiny-patch16-224`
export const photoFolder = `${root}node_modules/@vendure/create/assets/images`

/** An empty folder that is removed after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Returns what writes a feed into a file of its own, in `folder`, and returns the path. */
export function feedWriter(folder: string): (content: string | Uint8Array) => string {
  let files = 0
  return (content) => {
    const path = join(folder, `feed-${files++}`)
    writeFileSync(path, content)
    return path
  }
}

/** Copies one of the small photos. */
export function copyPhoto(name: 'chair' | 'plant' | 'camera' | 'hat', to: string): void {
  cpSync(join(photoFolder, photoFiles[name]), to)
}

const photoFiles = {
  chair: 'florian-klauer-14840-unsplash.jpg',
  plant: 'adam-birkett-239153-unsplash.jpg',
  camera: 'pierre-chatel-innocenti-483198-unsplash.jpg',
  hat: 'robert-shunev-528016-unsplash.jpg',
}
